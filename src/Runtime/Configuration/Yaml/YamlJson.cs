using System.Globalization;
using System.Text.Json;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>Values whose kind the reader of the file does not know, as JSON.</summary>
internal static class YamlJson
{
    public static JsonElement Of(YamlNode node) => node switch
    {
        YamlNode.Sequence list => JsonSerializer.SerializeToElement(list.Items.Select(Of).ToArray()),
        YamlNode.Mapping map => JsonSerializer.SerializeToElement(map.Entries.DistinctBy(e => e.Key).ToDictionary(e => e.Key, e => Of(e.Value))),
        YamlNode.Scalar scalar => Of(scalar),
        _ => throw new InvalidOperationException("A value of YAML is a list, a map or a single value."),
    };

    private static JsonElement Of(YamlNode.Scalar scalar) => scalar switch
    {
        { IsNull: true } => JsonSerializer.SerializeToElement<string?>(null),
        { IsQuoted: true } => JsonSerializer.SerializeToElement(scalar.Value),
        { Value: "true" or "false" } => JsonSerializer.SerializeToElement(scalar.Value == "true"),
        _ when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonSerializer.SerializeToElement(whole),
        _ when double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            JsonSerializer.SerializeToElement(number),
        _ => JsonSerializer.SerializeToElement(scalar.Value),
    };
}
