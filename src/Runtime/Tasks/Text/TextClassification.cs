using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>
/// Says which classes a text, or a pair of texts, belongs to. Of a text in windows the numbers of all windows are averaged before
/// they are made scores.
/// </summary>
internal sealed class TextClassification : ITask
{
    public const string Name = "text-classification";
    public const string Text = "text";
    public const string TextPair = "text_pair";

    private readonly TextGraph _graph;
    private readonly string[] _logits;
    private readonly IReadOnlyList<string> _labels;
    private readonly string _function;

    private TextClassification(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        var logits = TextOutputs.Logits(material, rank: 2, Name);
        _logits = [logits.Name];
        _labels = material.Config.Labels ?? [];
        _function = ClassOptions.FunctionOf(material.Config.ProblemType, TextOutputs.CountClasses(logits, _labels));
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Labels = _labels };
    }

    public static TaskKind Kind { get; } = new(Name, [.. ClassOptions.All, .. TextOptions.All], Recognise, material => new TextClassification(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Text), TensorSignatures.Bytes(TextPair, optional: true)];

    public IReadOnlyList<TensorSignature> Outputs { get; } = [.. TopClasses.Outputs, TextOutputs.Tokens];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!TextOutputs.Encode(call, _graph, Text, TextPair).TryGetValue(out var rows, out var failure))
        {
            return failure;
        }

        if (!(await _graph.RunAsync(call, rows, _logits, static (_, response) => Numbers.Floats(response.Outputs[0]).ToArray()).ConfigureAwait(false))
            .TryGetValue(out var windows, out failure))
        {
            return failure;
        }

        var function = call.Settings.Get(ClassOptions.Function, _function);
        var scores = new float[rows.Count][];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = TextOutputs.Average(windows.AsSpan(rows.Of(i)));
            ClassOptions.Apply(function, scores[i]);
        }

        var answer = TopClasses.Answer(scores, _labels, call.Settings.Get(ClassOptions.TopK, int.MaxValue), call.Settings.Get(ClassOptions.Threshold, double.NegativeInfinity));
        return TextOutputs.AddTokens(answer, call, rows);
    }

    private static string? Recognise(TaskMaterial material) =>
        !TextGraph.Fits(material) ? null
        : material.Config.IsFor("ForSequenceClassification") ? $"its architecture is {material.Config.Architecture}"
        : material.Config.Architecture.Length == 0 && material.Config.Labels is not null && material.OutputOf(2, "logits") is { } logits
            && logits.Name is "logits" or "output" or "scores" or "probabilities"
            ? $"config.json has labels and the graph one row of '{logits.Name}' for each text"
        : null;
}
