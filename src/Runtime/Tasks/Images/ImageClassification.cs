using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>Says which classes a picture belongs to.</summary>
internal sealed class ImageClassification : ITask
{
    public const string Name = "image-classification";

    private readonly ImageGraph _graph;
    private readonly string[] _logits;
    private readonly IReadOnlyList<string> _labels;
    private readonly string _function;

    private ImageClassification(TaskMaterial material)
    {
        _graph = ImageGraph.Make(material);
        var logits = ImageOutputs.Find(material, 2, Name, "logits");
        _logits = [logits.Name];
        _labels = ImageOutputs.Labels(material);
        _function = ClassOptions.FunctionOf(material.Config.ProblemType, logits.Shape[1] > 0 ? (int)logits.Shape[1] : _labels.Count);
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Labels = _labels };
    }

    public static TaskKind Kind { get; } = new(
        Name, [ImageOptions.TopK, ClassOptions.Function, ClassOptions.Threshold, .. ImageOptions.All], Recognise, material => new ImageClassification(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => ImageGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs => TopClasses.Outputs;

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var function = call.Settings.Get(ClassOptions.Function, _function);
        return (await _graph.RunAsync(call, _logits, (_, response) => Score(response, function)).ConfigureAwait(false)).TryGetValue(out var scores, out var failure)
            ? TopClasses.Answer(
                scores, _labels, call.Settings.Get(ImageOptions.TopK, ImageOptions.UsualClasses), call.Settings.Get(ClassOptions.Threshold, double.NegativeInfinity))
            : failure;
    }

    private static float[] Score(InferenceResponse response, string function)
    {
        var scores = Numbers.Floats(response.Outputs[0]).ToArray();
        ClassOptions.Apply(function, scores);
        return scores;
    }

    private static string? Recognise(TaskMaterial material) =>
        !ImageGraph.Fits(material) ? null
        : material.Config.IsFor("ForImageClassification") ? $"its architecture is {material.Config.Architecture}"
        : material.Config.Root.Field("pretrained_cfg") is not null && material.Config.Root.Field("num_classes").AsCount() is not 0 && material.OutputOf(2) is not null
            ? $"config.json is timm's, of {material.Config.Root.Field("architecture").AsText() ?? "a classifier"}"
        : null;
}
