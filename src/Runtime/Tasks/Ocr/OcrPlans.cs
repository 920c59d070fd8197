using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Preprocessing.Steps;
using Serving.Runtime.Images.Resampling;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>How PP-OCR's three graphs take pictures: blue first, as their library reads them.</summary>
internal static class OcrPlans
{
    public const int LineHeight = 48;

    // The width of the direction classifier's input.
    private const int DirectionWidth = 192;

    // Widths of lines are brought to multiples of this, so that lines of different clients share batches.
    private const int WidthStep = 32;

    // The longest line, for the recogniser's memory: some three hundred characters.
    private const int LongestLine = 3200;

    private static readonly ImageInput Input = new(ElementType.Float32, 3, ChannelsLast: false, null, null);

    private static readonly ImagePreprocessor Line = new()
    {
        Input = Input,
        FlipsChannels = true,
        Samples = SampleTable.Make(1 / 255.0, false, ([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]), false),
    };

    /// <summary>For the detector; the mean and deviation of ImageNet's red are those of its first channel, which is blue.</summary>
    public static ImagePreprocessor Detection(int longest) => new()
    {
        Input = Input,
        FlipsChannels = true,
        Steps = [new ResizeStep(new PageSize(longest), ResampleFilter.Bilinear)],
        Samples = SampleTable.Make(1 / 255.0, false, ([0.406f, 0.456f, 0.485f], [0.225f, 0.224f, 0.229f]), false),
    };

    public static ImagePreprocessor Direction { get; } = Line with
    {
        Steps = [new ResizeStep(new LineSize(LineHeight, DirectionWidth), ResampleFilter.Bilinear)],
        Border = new TensorBorder(new ImageSize(LineHeight, DirectionWidth)),
    };

    /// <summary>For the recogniser, of a line of these proportions.</summary>
    public static ImagePreprocessor Recognition(ImageSize line)
    {
        var size = new LineSize(LineHeight, LongestLine);
        var width = (size.Of(line).Width + WidthStep - 1) / WidthStep * WidthStep;
        return Line with { Steps = [new ResizeStep(size, ResampleFilter.Bilinear)], Border = new TensorBorder(new ImageSize(LineHeight, width)) };
    }
}
