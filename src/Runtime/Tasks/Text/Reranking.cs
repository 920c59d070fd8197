using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>Says how well each text answers one query, with a cross-encoder: a classifier of pairs that has a single class.</summary>
internal sealed class Reranking : ITask
{
    public const string Name = "reranking";
    public const string Query = "query";
    public const string Text = "text";
    public const string Score = "score";

    private static readonly FlagOption RawScores = new("raw_scores", "Whether scores are the graph's own numbers instead of their sigmoid. Default false.");

    private readonly TextGraph _graph;
    private readonly string[] _logits;

    private Reranking(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        _logits = [TextOutputs.Logits(material, rank: 2, Name).Name];
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings);
    }

    public static TaskKind Kind { get; } = new(Name, [RawScores, .. TextOptions.All], Recognise, material => new Reranking(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } =
        [new TensorSignature(Query, ElementType.Bytes, new TensorShape(1), ["query"]), TensorSignatures.Bytes(Text)];

    public IReadOnlyList<TensorSignature> Outputs { get; } = [TensorSignatures.PerRow(Score, ElementType.Float32), TextOutputs.Tokens];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!call.Texts(Query).TryGetValue(out var query, out var failure) || !call.Texts(Text).TryGetValue(out var texts, out failure))
        {
            return failure;
        }

        string[] queries = [.. Enumerable.Repeat(query[0], texts.Length)];
        if (!_graph.Encode(queries, texts, call.Settings, TruncationStrategy.LongestFirst).TryGetValue(out var rows, out failure)
            || !(await _graph.RunAsync(call, rows, _logits, static (_, response) => Numbers.Floats(response.Outputs[0])[0]).ConfigureAwait(false))
                .TryGetValue(out var windows, out failure))
        {
            return failure;
        }

        // The best part of a long text speaks for it.
        var scores = Enumerable.Range(0, rows.Count).Select(row => windows[rows.Of(row)].Max()).ToArray();
        if (!call.Settings.Get(RawScores, otherwise: false))
        {
            Numbers.Sigmoid(scores);
        }

        return TextOutputs.AddTokens(new TaskAnswer().Add(Score, new TensorShape(rows.Count), scores), call, rows);
    }

    private static string? Recognise(TaskMaterial material)
    {
        var config = material.Config;
        if (!TextGraph.Fits(material) || !config.IsFor("ForSequenceClassification") || config.ProblemType == "regression")
        {
            return null;
        }

        var classes = material.OutputOf(2, "logits") is { } logits ? TextOutputs.CountClasses(logits, config.Labels ?? []) : 0;
        return classes == 1 ? $"its architecture is {config.Architecture} and it has one class" : null;
    }
}
