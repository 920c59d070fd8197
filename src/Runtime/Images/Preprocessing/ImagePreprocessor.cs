using System.Globalization;
using Serving.Runtime.Images.Preprocessing.Sizes;
using Serving.Runtime.Images.Preprocessing.Steps;
using Serving.Runtime.Images.Resampling;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Images.Preprocessing;

/// <summary>
/// What happens to a picture before a graph sees it: steps that change its size, then a table for its samples, then a border.
/// Immutable; any number of threads may use it.
/// </summary>
internal sealed record ImagePreprocessor
{
    public required ImageInput Input { get; init; }

    /// <summary>Resizing, cropping and padding of grey levels, in their order.</summary>
    public IReadOnlyList<GeometryStep> Steps { get; init; } = [];

    /// <summary>What each grey level becomes.</summary>
    public SampleTable Samples { get; init; } = SampleTable.Unit;

    /// <summary>Zeros that are added last.</summary>
    public TensorBorder? Border { get; init; }

    /// <summary>Blue first.</summary>
    public bool FlipsChannels { get; init; }

    /// <summary>The size of every tensor, where pictures of all sizes get the same.</summary>
    public ImageSize? FixedSize => Border?.Size ?? (Steps.Count > 0 && Steps[^1].Fixed is { } size ? Border?.Of(size) ?? size : null);

    /// <summary>The plan for a graph without a description: the graph's size or 224x224, samples from 0 to 1; raw for graphs of bytes.</summary>
    public static ImagePreprocessor Default(ImageInput input) => new()
    {
        Input = input,
        Steps = [new ResizeStep(new ExactSize(new ImageSize(input.Height ?? 224, input.Width ?? 224)), ResampleFilter.Bilinear)],
        Samples = input.Type == Tensors.ElementType.UInt8 ? SampleTable.Raw : SampleTable.Unit,
    };

    /// <summary>YOLO's plan: the picture in its proportions amid a grey border, samples from 0 to 1.</summary>
    public static ImagePreprocessor Letterbox(ImageInput input)
    {
        var canvas = new ImageSize(input.Height ?? 640, input.Width ?? 640);
        return Default(input) with
        {
            Steps =
            [
                new ResizeStep(new FitWithin(canvas, Rounds: true), ResampleFilter.Bilinear),
                new CanvasStep(canvas, Fill: 114, CanvasMiddle.Up),
            ],
        };
    }

    /// <summary>Brings a picture to its size. The picture given stays the caller's; the one that comes back is the caller's too.</summary>
    /// <returns>A refusal where the picture would become larger than the limits, vanish, or not fit the graph.</returns>
    public Outcome<PreparedImage> Prepare(Raster picture, ImageLimits limits)
    {
        var original = new ImageSize(picture.Height, picture.Width);
        var (size, placement) = (original, Placement.Same);
        foreach (var step in Steps)
        {
            placement = step.Place(placement, size);
            size = step.Of(size);
            if (Check(original, size, limits) is { } failure)
            {
                return failure;
            }
        }

        if (!FitGraph(original, size, limits).TryGetValue(out var tensor, out var misfit))
        {
            return misfit;
        }

        return new PreparedImage(this, Shape(picture), original, placement, tensor);
    }

    private Raster Shape(Raster picture)
    {
        var current = Input.Channels == 1 ? Colours.ToGrey(picture) : picture;
        foreach (var step in Steps)
        {
            var next = step.Apply(current);
            if (!ReferenceEquals(current, picture))
            {
                current.Dispose();
            }

            current = next;
        }

        return ReferenceEquals(current, picture) ? Resampler.Resize(picture, picture.Width, picture.Height, ResampleFilter.Nearest) : current;
    }

    private static InferenceFailure? Check(ImageSize original, ImageSize size, ImageLimits limits)
    {
        if (size.Shorter < 1)
        {
            return InferenceFailure.InvalidInput($"the picture of {original} pixels is too small or too thin: for this model it would become {size}");
        }

        // Four bytes a sample must fit into one block of memory.
        var most = Math.Min(limits.MaxPixels, int.MaxValue / 12);
        return size.Pixels <= most
            ? null
            : InferenceFailure.TooLarge(string.Create(
                CultureInfo.InvariantCulture,
                $"the picture of {original} pixels is too large or too thin: for this model it would become {size}; at most {most} pixels are allowed"));
    }

    /// <summary>The tensor's size: the border's, or the graph's own where it has one that a border of zeros reaches.</summary>
    private Outcome<ImageSize> FitGraph(ImageSize original, ImageSize content, ImageLimits limits)
    {
        var size = Border?.Of(content) ?? content;
        if (size.Height < content.Height || size.Width < content.Width)
        {
            return InferenceFailure.InvalidInput($"the picture of {original} pixels becomes {content} by the model's preprocessing, which is larger than its border of {size}");
        }

        var wanted = new ImageSize(Input.Height ?? size.Height, Input.Width ?? size.Width);
        if (wanted == size)
        {
            return Check(original, size, limits) is { } failure ? failure : size;
        }

        return Border is { IsCentred: false } && wanted.Height >= size.Height && wanted.Width >= size.Width
            ? wanted
            : InferenceFailure.InvalidInput($"the picture of {original} pixels becomes {size} by the model's preprocessing, but its graph takes {wanted} only");
    }
}
