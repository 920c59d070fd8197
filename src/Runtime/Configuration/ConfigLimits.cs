namespace Serving.Runtime.Configuration;

/// <summary>What values a configuration may have, whichever file it is written in.</summary>
internal static class ConfigLimits
{
    /// <summary>The longest file that is read, in characters. Arbitrary; the largest known in use have a few thousand.</summary>
    public const int FileLength = 1 << 20;

    /// <summary>How deep values may nest. Arbitrary; the formats need six.</summary>
    public const int Depth = 32;

    /// <summary>As the host's option of the same name.</summary>
    public const int MaxBatchRows = 65536;

    /// <summary>More than any device has memory for.</summary>
    public const long MaxBatchTokens = 1_000_000_000;

    /// <summary>As the host's option of the same name.</summary>
    public const int MaxQueueRows = 1_000_000;

    /// <summary>As the host's option for threads.</summary>
    public const int MaxThreads = 1024;

    /// <summary>More than any machine has memory for.</summary>
    public const long MaxCacheBytes = 1L << 44;

    /// <summary>How many steps an ensemble may have. Arbitrary; the largest known in use have a dozen.</summary>
    public const int MaxSteps = 256;

    /// <summary>The execution providers that a model may ask for.</summary>
    public static IReadOnlyList<string> Providers { get; } = ["tensorrt", "cuda", "directml", "cpu"];

    /// <summary>Why the name of a graph or of a labels file is refused; null where it is not.</summary>
    public static string? CheckFile(string name)
    {
        var parts = name.Split('/', '\\');
        return name.Length == 0 || Path.IsPathRooted(name) || name.Contains('\0') || parts.Any(p => p is "" or "." or "..")
            ? "allowed is a file name, or a relative path that stays inside the folder"
            : null;
    }
}
