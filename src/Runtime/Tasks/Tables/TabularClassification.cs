using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Tables;

/// <summary>Says which classes the rows of a table belong to. Classes without names are called by their number, as scikit-learn does.</summary>
internal sealed class TabularClassification : ITask
{
    public const string Name = "tabular-classification";

    private const int MostLabels = 1_000_000;

    private static readonly ListOption Labels = new("labels", "The classes' names, in the graph's order. Default: those of config.json, or else their numbers.", MostLabels) { IsPerRequest = false };

    private readonly TableGraph _graph;
    private readonly string[] _scores;
    private readonly IReadOnlyList<string> _labels;
    private readonly string _function;

    private TabularClassification(TaskMaterial material)
    {
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        _graph = TableGraph.Make(material, Settings, Name);
        var scores = material.OutputOf(2, "probabilities", "output_probability", "logits") is { } output && Numbers.AreFloats(output.Type)
            ? output
            : throw new TaskException(
                $"the task {Name} wants an output of floating-point numbers with 2 axes (rows, classes), such as 'probabilities' (skl2onnx writes it with zipmap off); the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Type.Name()} {o.Shape}"))}");
        _scores = [scores.Name];
        var classes = scores.HasRank && scores.Shape[1] > 0 ? (int)Math.Min(scores.Shape[1], MostLabels) : 0;
        _labels = Settings.Get(Labels) ?? material.Config.Labels ?? [.. Enumerable.Range(0, classes).Select(place => $"{place}")];
        if (classes > 0 && Settings.Has(Labels) && _labels.Count != classes)
        {
            throw new TaskException($"task.labels names {_labels.Count} classes, the output '{scores.Name}' has {classes}");
        }

        // What is called so has been made probabilities already.
        var isDone = scores.Name.Contains("prob", StringComparison.OrdinalIgnoreCase);
        _function = isDone ? ClassOptions.None : ClassOptions.FunctionOf(material.Config.ProblemType, classes);
        Details = new TaskDetails(Name, material.Evidence) { Parameters = Settings.Parameters, Architecture = material.Config.Architecture, Labels = _labels };
    }

    public static TaskKind Kind { get; } = new(
        Name, [TableGraph.Columns, Labels, .. ClassOptions.All], static _ => null, material => new TabularClassification(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => TableGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs => TopClasses.Outputs;

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!_graph.Read(call).TryGetValue(out var rows, out var failure))
        {
            return failure;
        }

        var function = call.Settings.Get(ClassOptions.Function, _function);
        var answered = await GraphRows.RunAsync(call, rows, _scores, (_, response) =>
        {
            var scores = Numbers.Floats(response.Outputs[0]).ToArray();
            ClassOptions.Apply(function, scores);
            return scores;
        }).ConfigureAwait(false);
        return answered.TryGetValue(out var scored, out failure)
            ? TopClasses.Answer(scored, _labels, call.Settings.Get(ClassOptions.TopK, int.MaxValue), call.Settings.Get(ClassOptions.Threshold, double.NegativeInfinity))
            : failure;
    }
}
