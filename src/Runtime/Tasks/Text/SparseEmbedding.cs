using System.Numerics.Tensors;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>
/// Says how much each token of the vocabulary matters to a text, as SPLADE does: log(1 + max(x, 0)) of the highest number x that a
/// masked language model gives the token at any place of the text (Formal et al., "SPLADE v2", 2021). What does not matter is left out.
/// </summary>
internal sealed class SparseEmbedding : ITask
{
    public const string Name = "sparse-embedding";
    public const string Text = "text";
    public const string Index = "index";
    public const string Value = "value";

    private readonly TextGraph _graph;
    private readonly string[] _logits;

    private SparseEmbedding(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        _logits = [TextOutputs.Logits(material, rank: 3, Name).Name];
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Pooling = "splade" };
    }

    public static TaskKind Kind { get; } = new(Name, TextOptions.All, Recognise, material => new SparseEmbedding(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Text)];

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(Index, ElementType.Int64, ("tokens", -1)),
        TensorSignatures.PerRow(Value, ElementType.Float32, ("tokens", -1)),
        RaggedCounts.Output,
        TextOutputs.Tokens,
    ];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!call.Texts(Text).TryGetValue(out var texts, out var failure)
            || !_graph.Encode(texts, null, call.Settings).TryGetValue(out var rows, out failure)
            || !(await _graph.RunAsync(call, rows, _logits, (window, response) => Highest(window, response.Outputs[0])).ConfigureAwait(false))
                .TryGetValue(out var windows, out failure))
        {
            return failure;
        }

        var ragged = new RaggedRows<SparseEntry>([.. Enumerable.Range(0, rows.Count).Select(row => Weigh(windows.AsSpan(rows.Of(row))))]);
        var answer = new TaskAnswer()
            .Add(Index, ragged.Shape, ragged.Longs(entry => entry.Index))
            .Add(Value, ragged.Shape, ragged.Floats(entry => entry.Value));
        ragged.AddCounts(answer);
        return TextOutputs.AddTokens(answer, call, rows);
    }

    /// <summary>The highest number of each token of the vocabulary anywhere in a window, at least 0.</summary>
    private static float[] Highest(TokenEncoding window, in OutputTensor logits)
    {
        var vocabulary = (int)logits.Shape[2];
        var all = Numbers.Floats(logits);
        var highest = new float[vocabulary];
        for (var place = 0; place < window.Length; place++)
        {
            TensorPrimitives.Max(highest, all.Slice(place * vocabulary, vocabulary), highest);
        }

        return highest;
    }

    private static List<SparseEntry> Weigh(ReadOnlySpan<float[]> windows)
    {
        var highest = windows[0];
        foreach (var window in windows[1..])
        {
            TensorPrimitives.Max(highest, window, highest);
        }

        var entries = new List<SparseEntry>();
        for (var i = 0; i < highest.Length; i++)
        {
            if (highest[i] > 0)
            {
                entries.Add(new SparseEntry(i, float.LogP1(highest[i])));
            }
        }

        return entries;
    }

    /// <summary>A masked language model is one of these where sentence-transformers' list of modules says so.</summary>
    private static string? Recognise(TaskMaterial material) =>
        TextGraph.Fits(material)
        && material.OutputOf(3, "logits") is not null
        && material.Files.ReadJson("modules.json").AsList().Any(module => module.Field("type").AsText()?.EndsWith(".SpladePooling", StringComparison.Ordinal) == true)
            ? "its modules.json has SpladePooling"
            : null;
}
