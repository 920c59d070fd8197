using Serving.Runtime.Inference;
using Serving.Runtime.Models;

namespace Serving.Server;

/// <summary>The parameters of Triton's load and unload, the same over all protocols.</summary>
internal static class OverrideRules
{
    public const string Config = "config";

    /// <summary>What the name of a file begins with; the rest is its path.</summary>
    public const string File = "file:";

    /// <summary>Models here have no dependents, so that it changes nothing.</summary>
    public const string Dependents = "unload_dependents";

    /// <summary>The overrides that the parameters make together; null where there are none.</summary>
    public static Outcome<LoadOverrides>? Combine(string? config, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        if (config is not null)
        {
            return new LoadOverrides { Config = config, Files = files };
        }

        if (files.Count == 0)
        {
            return null;
        }

        return InferenceFailure.InvalidInput($"files are given without a configuration; parameter '{Config}' must say how they are to be loaded, and can be {{}}");
    }

    public static InferenceFailure Unknown(string parameter) => InferenceFailure.InvalidInput(
        $"parameter '{parameter}' is unknown; allowed are '{Config}' and '{File}VERSION/NAME' for load, and '{Dependents}' for unload");
}
