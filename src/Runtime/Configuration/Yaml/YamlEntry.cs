namespace Serving.Runtime.Configuration.Yaml;

/// <summary>A key of a YAML map with its place, and its value.</summary>
internal sealed record YamlEntry(string Key, TextPosition At, YamlNode Value);
