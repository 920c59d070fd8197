using Serving.Runtime.Audio;
using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>What every task over recordings lets its users choose.</summary>
internal static class SoundOptions
{
    /// <summary>The most seconds where nobody says.</summary>
    public const double UsualSeconds = 30 * 60;

    /// <summary>How many classes are told where nobody says.</summary>
    public const int UsualClasses = 5;

    public static CountOption TopK { get; } = new("top_k", "How many classes are told, the best first. Default 5.", 1, 1_000_000);

    public static NumberOption MaxSeconds { get; } = new(
        "max_seconds", "The most seconds of sound in a request, all its recordings together. Default 1800.", 0.001, 6 * 60 * 60) { IsPerRequest = false };

    public static CountOption SamplingRate { get; } = new(
        "sampling_rate", "How many samples of 'samples' are a second; files say it themselves. Default: as many as the model expects.", 1, SoundLimits.HighestRate);

    public static IReadOnlyList<TaskOption> All { get; } = [MaxSeconds, SamplingRate];
}
