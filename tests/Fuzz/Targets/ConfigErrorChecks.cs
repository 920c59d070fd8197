using Serving.Fuzz.Engine;
using Serving.Runtime.Configuration;

namespace Serving.Fuzz.Targets;

/// <summary>What every refusal of a configuration promises.</summary>
internal static class ConfigErrorChecks
{
    /// <summary>The first error, for the report.</summary>
    public static string Check(ConfigException error)
    {
        Finding.Unless(error.Errors.Count > 0, "a configuration is refused without a reason");
        foreach (var text in error.Errors)
        {
            Finding.Unless(text.Contains("line ", StringComparison.Ordinal), $"an error names no line: {text}");
            Finding.Unless(!text.AsSpan().ContainsAny('\n', '\r', '\0'), "an error is not one line");
        }

        return error.Errors[0];
    }
}
