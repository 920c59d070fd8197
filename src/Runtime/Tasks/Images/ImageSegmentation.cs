using System.Globalization;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Resampling;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>
/// Says of each pixel what it shows: a mask of the picture's size for each class that is in it. Reads scores of each class
/// ([1, classes, height, width]), or the queries of MaskFormer and Mask2Former.
/// </summary>
internal sealed class ImageSegmentation : ITask
{
    public const string Name = "image-segmentation";
    public const string Mask = "mask";
    public const string Share = "share";

    private const string QueryClasses = "class_queries_logits";
    private const string QueryMasks = "masks_queries_logits";
    private const string Png = "png";
    private const string Runs = "rle";

    /// <summary>Pixels times classes: about five seconds of one core. Larger pictures can be sent smaller.</summary>
    private const long MostScores = 5_000_000_000;

    private readonly ImageGraph _graph;
    private readonly string[] _outputs;
    private readonly IReadOnlyList<string> _labels;

    private ImageSegmentation(TaskMaterial material)
    {
        _graph = ImageGraph.Make(material);
        _outputs = HasQueries(material) ? [QueryClasses, QueryMasks] : [ImageOutputs.Find(material, 4, Name, "logits").Name];
        _labels = ImageOutputs.Labels(material);
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Labels = _labels };
    }

    public static ChoiceOption Masks { get; } = new("masks", "How masks are written: png, white where the class is, or rle, COCO's uncompressed run lengths as JSON. Default: png.", Png, Runs);

    public static TaskKind Kind { get; } = new(Name, [Masks, .. ImageOptions.All], Recognise, material => new ImageSegmentation(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => ImageGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(TopClasses.Label, ElementType.Bytes, ("classes", -1)),
        TensorSignatures.PerRow(Share, ElementType.Float32, ("classes", -1)),
        TensorSignatures.PerRow(Mask, ElementType.Bytes, ("classes", -1)),
        RaggedCounts.Output,
    ];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var asRuns = call.Settings.Get(Masks, Png) == Runs;
        if (!(await _graph.RunAsync(call, _outputs, (frame, response) => Segment(frame, response, asRuns)).ConfigureAwait(false)).TryGetValue(out var masks, out var failure))
        {
            return failure;
        }

        if (masks.FirstOrDefault(row => row.TooLarge is not null).TooLarge is { } tooLarge)
        {
            return tooLarge;
        }

        var rows = new RaggedRows<SegmentMask>([.. masks.Select(row => row.Masks)]);
        var answer = new TaskAnswer()
            .Add(TopClasses.Label, rows.Shape, rows.Texts(one => TopClasses.NameOf(one.Class, _labels)))
            .Add(Share, rows.Shape, rows.Floats(one => one.Share))
            .Add(Mask, rows.Shape, rows.Files(one => one.Mask));
        rows.AddCounts(answer);
        return answer;
    }

    private (IReadOnlyList<SegmentMask> Masks, InferenceFailure? TooLarge) Segment(PictureFrame frame, InferenceResponse response, bool asRuns)
    {
        var isQueries = _outputs.Length == 2;
        var maps = response.Outputs[^1].Shape;
        var (height, width) = ((int)maps[2], (int)maps[3]);
        var scores = isQueries ? ClassMaps(response, height * width) : Numbers.Floats(response.Outputs[0]);
        var classes = scores.Length / (height * width);
        if (frame.Original.Pixels * classes > MostScores || classes > ushort.MaxValue)
        {
            return ([], InferenceFailure.TooLarge(string.Create(
                CultureInfo.InvariantCulture, $"the picture of {frame.Original} pixels is too large to be told apart into {classes} classes; at most {MostScores / classes} pixels are")));
        }

        // The scores of the border that was added are left out.
        var content = (
            Math.Clamp((int)Math.Round((double)height * frame.Content.Height / frame.Tensor.Height), 1, height),
            Math.Clamp((int)Math.Round((double)width * frame.Content.Width / frame.Tensor.Width), 1, width));
        var best = SemanticMap.Best(scores, (height, width), content, (frame.Original.Height, frame.Original.Width));
        return (SegmentMasks.Of(best, frame.Original, asRuns), null);
    }

    /// <summary>A class' score at a pixel: over all queries, how much the query is of the class times how much the pixel is of the query.</summary>
    private static float[] ClassMaps(InferenceResponse response, int pixels)
    {
        var masks = Numbers.Floats(response.Outputs[1]).ToArray();
        Numbers.Sigmoid(masks);
        var queries = masks.Length / pixels;
        var logits = Numbers.Floats(response.Outputs[0]).ToArray();
        var withNone = logits.Length / queries;
        var scores = new float[(withNone - 1) * pixels];
        for (var query = 0; query < queries; query++)
        {
            var row = logits.AsSpan(query * withNone, withNone);
            Numbers.Softmax(row);
            var mask = masks.AsSpan(query * pixels, pixels);
            for (var c = 0; c < withNone - 1; c++)
            {
                var sum = scores.AsSpan(c * pixels, pixels);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(mask, row[c], sum, sum);
            }
        }

        return scores;
    }

    private static bool HasQueries(TaskMaterial material) =>
        material.Output(QueryClasses) is { HasRank: true, Shape.Rank: 3 } && material.Output(QueryMasks) is { HasRank: true, Shape.Rank: 4 };

    private static string? Recognise(TaskMaterial material) =>
        !ImageGraph.Fits(material) ? null
        : material.Config.IsFor("ForSemanticSegmentation") || material.Config.IsFor("ForUniversalSegmentation") || material.Config.IsFor("ForInstanceSegmentation")
            ? $"its architecture is {material.Config.Architecture}"
        : HasQueries(material) ? $"the graph's outputs are called {QueryClasses} and {QueryMasks}"
        : null;
}
