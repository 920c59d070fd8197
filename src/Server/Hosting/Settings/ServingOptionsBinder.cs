using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace Serving.Server.Hosting.Settings;

/// <summary>
/// Reads <see cref="ServingOptions"/> from configuration. Not the framework's binder, which ignores unknown keys, merges
/// lists of several sources by index, reads "30" as thirty days and stops at the first error.
/// </summary>
internal static class ServingOptionsBinder
{
    public static ServingOptions Bind(IConfigurationRoot configuration, ICollection<string> errors)
    {
        var options = new ServingOptions();
        foreach (var definition in OptionTable.All)
        {
            // The last source that says anything about an option decides, for lists as well.
            foreach (var provider in configuration.Providers.Reverse())
            {
                if (definition.IsList ? TryBindList(definition, provider, options) : TryBindValue(definition, provider, options, errors))
                {
                    break;
                }
            }
        }

        foreach (var provider in configuration.Providers)
        {
            ReportUnknown(provider, errors);
        }

        return options;
    }

    private static bool TryBindValue(OptionDefinition definition, IConfigurationProvider provider, ServingOptions options, ICollection<string> errors)
    {
        if (!provider.TryGet(definition.Key, out var text) || string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (OptionText.TryParse(definition.ValueType, text, out var value))
        {
            definition.Set(options, value!);
        }
        else
        {
            errors.Add($"{Spell(definition.Name, provider)}: '{text}' is not {OptionText.Expected(definition.ValueType)}.");
        }

        return true;
    }

    /// <summary>A list is <c>a,b</c> in one value, or <c>:0</c>, <c>:1</c> and so on.</summary>
    private static bool TryBindList(OptionDefinition definition, IConfigurationProvider provider, ServingOptions options)
    {
        string[] items;
        if (provider.TryGet(definition.Key, out var text) && !string.IsNullOrEmpty(text))
        {
            items = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        else
        {
            var keys = provider.GetChildKeys([], definition.Key).Distinct().Order(ConfigurationKeyComparer.Instance);
            items = [.. keys.Select(key => provider.TryGet($"{definition.Key}:{key}", out var item) ? item : null).Where(item => !string.IsNullOrEmpty(item)).OfType<string>()];
        }

        if (items.Length == 0)
        {
            return false;
        }

        definition.Set(options, items);
        return true;
    }

    private static void ReportUnknown(IConfigurationProvider provider, ICollection<string> errors)
    {
        var names = OptionTable.All.Select(definition => definition.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var key in provider.GetChildKeys([], ServingOptions.Section).Distinct(StringComparer.OrdinalIgnoreCase).Where(key => !names.Contains(key)))
        {
            var nearest = Spelling.Nearest(key, names);
            errors.Add($"{Spell(key, provider)} is not an option{(nearest is null ? "" : $"; did you mean '{Spell(nearest, provider)}'?")}");
        }
    }

    private static string Spell(string name, IConfigurationProvider provider) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => $"{ServingOptions.Section}__{name}",
        JsonConfigurationProvider json => $"{ServingOptions.Section}:{name} in {json.Source.Path}",
        _ => "--" + OptionText.Kebab(name),
    };
}
