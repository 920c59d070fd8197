using System.Reflection;

namespace Serving.Server.Hosting.Settings;

/// <summary>All options, from the properties of <see cref="ServingOptions"/>. Command line, binder, help and documentation all read this.</summary>
internal static class OptionTable
{
    /// <summary>The engine's options first, each type's in the order in which it declares them.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } = Read();

    /// <summary>How an error names an option, so that it is found however it was set.</summary>
    public static string Spell(string property)
    {
        var definition = All.First(option => option.Name == property);
        return $"{definition.CommandLine} ({definition.Environment})";
    }

    private static OptionDefinition[] Read()
    {
        var defaults = new ServingOptions();
        return
        [
            .. typeof(ServingOptions)
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .OrderBy(property => property.DeclaringType == typeof(ServingOptions))
                .ThenBy(property => property.MetadataToken)
                .Select(property => new OptionDefinition(property, defaults)),
        ];
    }
}
