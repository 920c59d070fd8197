using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>
/// Says which of the client's own labels suit a text, with a model of natural language inference: each label is put into a
/// sentence, and the model asked whether the sentence follows from the text (Yin, Hay and Roth 2019). Without labels of the
/// client's it is a text classification.
/// </summary>
internal sealed class ZeroShotClassification : ITask
{
    public const string Name = "zero-shot-classification";
    public const string CandidateLabels = "candidate_labels";

    private const string Blank = "{}";

    private static readonly ListOption Labels = new(CandidateLabels, "The labels to choose from. Without them the model's own classes are told.", Most: 1024);

    private static readonly TextOption Template = new(
        "hypothesis_template", "The sentence that each label is put into, in place of {}. Default: This example is {}.");

    private static readonly FlagOption MultiLabel = new("multi_label", "Whether each label suits or not by itself; else their scores add up to 1. Default false.");

    private readonly TextGraph _graph;
    private readonly TextClassification _classification;
    private readonly string[] _logits;
    private readonly int _entailment;
    private readonly int _contradiction;

    private ZeroShotClassification(TaskMaterial material)
    {
        var labels = material.Config.Labels ?? throw new TaskException($"the task {Name} wants the labels of entailment and contradiction, id2label in config.json");
        _entailment = FindEntailment(labels);
        if (_entailment < 0)
        {
            throw new TaskException($"the task {Name} wants a label that begins with 'entail'; config.json has {string.Join(", ", labels)}");
        }

        _contradiction = _entailment == 0 ? labels.Count - 1 : 0;
        _graph = TextGraph.Make(material);
        _classification = (TextClassification)TextClassification.Kind.Make(material with { Written = material.Written.RemoveRange([Labels.Name, Template.Name, MultiLabel.Name]) });
        _logits = [TextOutputs.Logits(material, rank: 2, Name).Name];
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _classification.Details with { Name = Name, Parameters = Settings.Parameters };
    }

    public static TaskKind Kind { get; } =
        new(Name, [Labels, Template, MultiLabel, .. TextClassification.Kind.Options], Recognise, material => new ZeroShotClassification(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => _classification.Inputs;

    public IReadOnlyList<TensorSignature> Outputs => _classification.Outputs;

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call) =>
        call.Settings.Get(Labels) is { } labels ? RunAsync(call, labels) : _classification.RunAsync(call);

    private async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call, IReadOnlyList<string> labels)
    {
        var template = call.Settings.Get(Template) ?? $"This example is {Blank}.";
        if (!template.Contains(Blank, StringComparison.Ordinal))
        {
            return InferenceFailure.InvalidInput($"parameter '{Template.Name}' has no {Blank}, the place where each label is put");
        }

        if (!call.Texts(TextClassification.Text).TryGetValue(out var texts, out var failure))
        {
            return failure;
        }

        string[] premises = [.. texts.SelectMany(text => Enumerable.Repeat(text, labels.Count))];
        string[] hypotheses = [.. texts.SelectMany(_ => labels.Select(label => template.Replace(Blank, label, StringComparison.Ordinal)))];
        if (!_graph.Encode(premises, hypotheses, call.Settings, TruncationStrategy.OnlyFirst).TryGetValue(out var rows, out failure)
            || !(await _graph.RunAsync(call, rows, _logits, static (_, response) => Numbers.Floats(response.Outputs[0]).ToArray()).ConfigureAwait(false))
                .TryGetValue(out var windows, out failure))
        {
            return failure;
        }

        var isMulti = call.Settings.Get(MultiLabel, otherwise: false) || labels.Count == 1;
        var scores = new float[texts.Length][];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = [.. Enumerable.Range(row * labels.Count, labels.Count).Select(i => ScoreOf(TextOutputs.Average(windows.AsSpan(rows.Of(i))), isMulti))];
            if (!isMulti)
            {
                Numbers.Softmax(scores[row]);
            }
        }

        return TopClasses.Answer(scores, labels, call.Settings.Get(ClassOptions.TopK, int.MaxValue), call.Settings.Get(ClassOptions.Threshold, double.NegativeInfinity));
    }

    private float ScoreOf(float[] logits, bool isMulti) =>
        isMulti ? Numbers.Sigmoid(logits[_entailment] - logits[_contradiction]) : logits[_entailment];

    private static int FindEntailment(IReadOnlyList<string> labels) => labels.ToList().FindIndex(label => label.StartsWith("entail", StringComparison.OrdinalIgnoreCase));

    private static string? Recognise(TaskMaterial material) =>
        TextGraph.Fits(material) && material.Config.IsFor("ForSequenceClassification") && material.Config.Labels is { Count: 2 or 3 } labels && FindEntailment(labels) >= 0
            ? $"its architecture is {material.Config.Architecture} and one of its labels is {labels[FindEntailment(labels)]}"
            : null;
}
