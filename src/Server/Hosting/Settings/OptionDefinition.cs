using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Serving.Server.Hosting.Settings;

/// <summary>One option: a property of <see cref="ServingOptions"/> with its spellings, its help text and its default.</summary>
internal sealed class OptionDefinition
{
    private readonly PropertyInfo _property;

    public OptionDefinition(PropertyInfo property, ServingOptions defaults)
    {
        _property = property;
        IsList = property.PropertyType == typeof(IList<string>);
        ValueType = IsList ? typeof(string) : Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? string.Empty;
        Range = property.GetCustomAttribute<RangeAttribute>();
        Default = OptionText.Format(property.GetValue(defaults));
    }

    /// <summary>The property's name, which is also the key in a file's section: <c>HttpPort</c>.</summary>
    public string Name => _property.Name;

    /// <summary><c>--http-port</c>.</summary>
    public string CommandLine => "--" + OptionText.Kebab(Name);

    /// <summary><c>Serving__HttpPort</c>.</summary>
    public string Environment => $"{ServingOptions.Section}__{Name}";

    /// <summary><c>Serving:HttpPort</c>.</summary>
    public string Key => $"{ServingOptions.Section}:{Name}";

    public string Description { get; }

    /// <summary>The default as it would be written; empty where there is none.</summary>
    public string Default { get; }

    public RangeAttribute? Range { get; }

    /// <summary>The type of the value, or of each value of a list.</summary>
    public Type ValueType { get; }

    public bool IsList { get; }

    public bool IsFlag => ValueType == typeof(bool);

    public object? Get(ServingOptions options) => _property.GetValue(options);

    /// <summary>Sets a single value, or replaces the values of a list.</summary>
    public void Set(ServingOptions options, object value)
    {
        if (!IsList)
        {
            _property.SetValue(options, value);
            return;
        }

        var list = (IList<string>)_property.GetValue(options)!;
        list.Clear();
        foreach (var item in (IEnumerable<string>)value)
        {
            list.Add(item);
        }
    }
}
