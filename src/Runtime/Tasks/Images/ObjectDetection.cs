using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>Finds things in a picture: what each is, how sure that is, and where it is.</summary>
internal sealed class ObjectDetection : ITask
{
    public const string Name = "object-detection";
    public const string Box = "box";

    private const int UsualMost = 100;
    private const double UsualOverlap = 0.7;

    private readonly ImageGraph _graph;
    private readonly BoxReader _reader;
    private readonly IReadOnlyList<string> _labels;

    private ObjectDetection(TaskMaterial material)
    {
        var isQueries = QueryBoxes.Fits(material);
        _graph = ImageGraph.Make(material, isQueries ? null : ImagePreprocessor.Letterbox);
        _reader = isQueries
            ? new QueryBoxes(material)
            : new GridBoxes(material, GridBoxes.Find(material) ?? throw new TaskException(
                $"the task {Name} wants the outputs logits and pred_boxes, or one output of 3 axes; the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Shape}"))}"));
        _labels = ImageOutputs.Labels(material);
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Labels = _labels };
    }

    public static NumberOption Threshold { get; } = new("threshold", "Things with a lower score are left out. Default: 0.5, and 0.25 for YOLO.", 0, 1);

    public static NumberOption Overlap { get; } = new(
        "iou_threshold", "Of two things of a class whose boxes overlap by more than this part only the surer is told. YOLO only. Default: 0.7.", 0, 1);

    public static CountOption Most { get; } = new("top_k", "How many things are told, the surest first. Default: 100.", 1, 10_000);

    public static TaskKind Kind { get; } = new(Name, [Threshold, Overlap, Most, .. ImageOptions.All], Recognise, material => new ObjectDetection(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => ImageGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(TopClasses.Label, ElementType.Bytes, ("things", -1)),
        TensorSignatures.PerRow(TopClasses.Score, ElementType.Float32, ("things", -1)),
        TensorSignatures.PerRow(Box, ElementType.Float32, ("things", -1), ("xyxy", 4)),
        RaggedCounts.Output,
    ];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var threshold = call.Settings.Get(Threshold, _reader.UsualThreshold);
        var overlap = call.Settings.Get(Overlap, UsualOverlap);
        var most = call.Settings.Get(Most, UsualMost);
        if (!(await _graph.RunAsync(call, _reader.Outputs, (frame, response) => _reader.Read(frame, response, threshold, overlap, most)).ConfigureAwait(false))
            .TryGetValue(out var found, out var failure))
        {
            return failure;
        }

        var rows = new RaggedRows<Detection>(found);
        var answer = new TaskAnswer()
            .Add(TopClasses.Label, rows.Shape, rows.Texts(one => TopClasses.NameOf(one.Class, _labels)))
            .Add(TopClasses.Score, rows.Shape, rows.Floats(one => one.Score))
            .Add(Box, rows.ShapeOf(4), rows.Floats(4, one => one.Box));
        rows.AddCounts(answer);
        return answer;
    }

    private static string? Recognise(TaskMaterial material) =>
        !ImageGraph.Fits(material) ? null
        : material.Config.IsFor("ForObjectDetection") ? $"its architecture is {material.Config.Architecture}"
        : QueryBoxes.Fits(material) ? "the graph's outputs are called logits and pred_boxes"
        : material.Config is { Architecture.Length: 0, Labels: { Count: > 0 } labels } && GridBoxes.Find(material) is { } output && GridBoxes.HasShapeOf(output, labels.Count)
            ? $"the graph's output '{output.Name}' has the shape of YOLO's for the labels in config.json"
        : null;
}
