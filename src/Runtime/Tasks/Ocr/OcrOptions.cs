using Serving.Runtime.Tasks.Images;
using Serving.Runtime.Tasks.Options;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>What users of the task that reads can choose.</summary>
internal static class OcrOptions
{
    public static TextOption Detector { get; } = new("detector", "The model that finds lines. Default: pp-ocrv4-detection.") { IsPerRequest = false };

    public static TextOption Classifier { get; } = new("classifier", "The model that tells which lines are upside down. Default: pp-ocrv4-direction.") { IsPerRequest = false };

    public static TextOption Recogniser { get; } = new("recogniser", "The model that reads lines. Default: pp-ocrv4-recognition.") { IsPerRequest = false };

    public static TextOption Dictionary { get; } = new("dictionary", "The file beside model.yaml with the recogniser's characters, one a line. Default: dictionary.txt.") { IsPerRequest = false };

    public static TextOption Input { get; } = new("input", "The name of the three models' inputs. Default: x.") { IsPerRequest = false };

    public static CountOption LongestSide { get; } = new("longest_side", "To how many pixels a page's longer side is reduced before lines are looked for. Default: 960.", 32, 4096);

    public static NumberOption BoxThreshold { get; } = new("box_threshold", "How sure the detector must be of a line. Default: 0.6.", 0, 1);

    public static NumberOption Threshold { get; } = new("threshold", "Lines that were read less surely are left out. Default: 0.5.", 0, 1);

    public static FlagOption Turns { get; } = new("upside_down", "Whether lines that are upside down are looked for. Default: true.");

    public static IReadOnlyList<TaskOption> All { get; } = [LongestSide, BoxThreshold, Threshold, Turns, Detector, Classifier, Recogniser, Dictionary, Input, .. ImageOptions.All];
}
