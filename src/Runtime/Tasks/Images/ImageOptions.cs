using Serving.Runtime.Images;
using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks.Images;

/// <summary>What users of every task over pictures can choose.</summary>
internal static class ImageOptions
{
    /// <summary>How many classes or things are told where nobody says: what Hugging Face's pipeline for classes does.</summary>
    public const int UsualClasses = 5;

    public static CountOption MaxPixels { get; } = new(
        "max_pixels", "The most pixels of a picture; larger ones are refused before they are decoded. Default: 64 million.", 1, (int)ImageLimits.Ceiling) { IsPerRequest = false };

    public static CountOption TopK { get; } = new("top_k", "How many classes are told, the best first. Default: 5.", 1, 1_000_000);

    public static IReadOnlyList<TaskOption> All { get; } = [MaxPixels];

    public static ImageLimits Limits(TaskSettings settings) =>
        ImageLimits.Default with { MaxPixels = settings.Get(MaxPixels, (int)ImageLimits.Default.MaxPixels) };
}
