using System.Numerics.Tensors;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>
/// Makes a vector of each text. Where the graph gives vectors of tokens they are pooled as the model's files say
/// (sentence-transformers' <c>modules.json</c> and <c>1_Pooling/config.json</c>).
/// </summary>
internal sealed class Embedding : ITask
{
    public const string Name = "sentence-embedding";
    public const string Text = "text";
    public const string Vector = "embedding";
    public const string TokenVectors = "token_embeddings";

    private readonly TextGraph _graph;
    private readonly TensorSignature _output;
    private readonly EmbeddingFiles _files;
    private readonly Pooling _pooling;

    private Embedding(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        _files = EmbeddingFiles.Read(material);
        _output = FindOutput(material) ?? throw new TaskException(
            $"the task {Name} wants an output with a vector for each text or for each token; the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Shape}"))}");
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        var own = Settings.Get(EmbeddingOptions.Pooling, _files.Pooling);
        _pooling = _output.Shape.Rank == 2 ? Pooling.None : PoolingModes.Parse(own);
        Details = _graph.Describe(Name, material, Settings) with
        {
            Pooling = _pooling == Pooling.None ? "in the graph" : own,
            Prompts = [.. _files.Prompts.Keys.Order(StringComparer.Ordinal)],
            Dimensions = _output.Shape[_output.Shape.Rank - 1] is > 0 and var dimensions ? (int)dimensions : material.Config.Root.Field("hidden_size").AsCount(),
        };
    }

    public static TaskKind Kind { get; } = new(Name, [.. EmbeddingOptions.All, .. TextOptions.All], Recognise, material => new Embedding(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Text)];

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(Vector, ElementType.Float32, ("dimensions", -1)),
        TensorSignatures.PerRow(TokenVectors, ElementType.Float32, ("tokens", -1), ("dimensions", -1)),
        TextOutputs.Tokens,
    ];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var wantsTokens = call.Wants(TokenVectors, always: false);
        if (wantsTokens && _pooling == Pooling.None)
        {
            return InferenceFailure.Unsupported($"the graph gives one vector for each text, so there are no {TokenVectors}");
        }

        if (!call.Texts(Text).TryGetValue(out var texts, out var failure)
            || !_files.AddPrompt(texts, call.Settings).TryGetValue(out texts, out failure)
            || !_graph.Encode(texts, null, call.Settings).TryGetValue(out var rows, out failure)
            || !(await _graph.RunAsync(call, rows, [_output.Name], (window, response) => Pool(window, response.Outputs[0], wantsTokens)).ConfigureAwait(false))
                .TryGetValue(out var windows, out failure))
        {
            return failure;
        }

        return Answer(call, rows, windows);
    }

    private Outcome<TaskAnswer> Answer(TaskCall call, TextRows rows, WindowVectors[] windows)
    {
        var size = windows[0].Pooled.Length;
        var wanted = call.Settings.Get(EmbeddingOptions.Dimensions, size);
        if (wanted > size)
        {
            return InferenceFailure.InvalidInput($"parameter '{EmbeddingOptions.Dimensions.Name}' is {wanted}, the model's vectors have {size}");
        }

        var normalize = call.Settings.Get(EmbeddingOptions.Normalize, _files.Normalize);
        var vectors = new float[rows.Count * wanted];
        for (var row = 0; row < rows.Count; row++)
        {
            var to = vectors.AsSpan(row * wanted, wanted);
            Combine(windows.AsSpan(rows.Of(row)))[..wanted].CopyTo(to);
            if (normalize && TensorPrimitives.Norm<float>(to) is > 0 and var norm)
            {
                TensorPrimitives.Divide(to, norm, to);
            }
        }

        var all = call.Wants(TokenVectors, always: false) ? JoinTokenVectors(rows, windows, size) : null;
        var answer = new TaskAnswer().Add(Vector, new TensorShape(rows.Count, wanted), vectors);
        if (all is not null)
        {
            answer.Add(TokenVectors, new TensorShape(rows.Count, all.Length / rows.Count / size, size), all);
        }

        return TextOutputs.AddTokens(answer, call, rows);
    }

    private WindowVectors Pool(TokenEncoding window, in OutputTensor output, bool keepTokens)
    {
        var values = Numbers.Floats(output);
        if (_pooling == Pooling.None)
        {
            return new WindowVectors(values.ToArray(), [], window.Length);
        }

        var size = (int)output.Shape[2];
        return new WindowVectors(PoolingModes.Apply(_pooling, values[..(window.Length * size)], size), keepTokens ? values[..(window.Length * size)].ToArray() : [], window.Length);
    }

    /// <summary>The vector of a text in several windows is their average by tokens.</summary>
    private static ReadOnlySpan<float> Combine(ReadOnlySpan<WindowVectors> windows)
    {
        if (windows.Length == 1)
        {
            return windows[0].Pooled;
        }

        var sum = new float[windows[0].Pooled.Length];
        var tokens = 0;
        foreach (var window in windows)
        {
            TensorPrimitives.MultiplyAdd(window.Pooled, window.Tokens, sum, sum);
            tokens += window.Tokens;
        }

        TensorPrimitives.Divide(sum, tokens, sum);
        return sum;
    }

    private static float[] JoinTokenVectors(TextRows rows, WindowVectors[] windows, int size)
    {
        var longest = Enumerable.Range(0, rows.Count).Max(row => windows[rows.Of(row)].Sum(window => window.Tokens));
        AnswerSize.Check(rows.Count, (long)longest * size);
        var all = new float[rows.Count * longest * size];
        for (var row = 0; row < rows.Count; row++)
        {
            var position = row * longest * size;
            foreach (var window in windows[rows.Of(row)])
            {
                window.TokenVectors.CopyTo(all, position);
                position += window.TokenVectors.Length;
            }
        }

        return all;
    }

    private static TensorSignature? FindOutput(TaskMaterial material)
    {
        var vector = material.Output("sentence_embedding") ?? material.Output("text_embeds");
        var tokens = material.OutputOf(3, "last_hidden_state", "token_embeddings", "hidden_states");
        var found = vector ?? tokens ?? material.OutputOf(2, "embeddings", "embedding", "pooler_output");
        return found is { HasRank: true } && Numbers.AreFloats(found.Type) ? found : null;
    }

    private static string? Recognise(TaskMaterial material)
    {
        if (!TextGraph.Fits(material) || FindOutput(material) is not { } output)
        {
            return null;
        }

        var config = material.Config;
        return EmbeddingFiles.AreBeside(material) ? "the files of sentence-transformers are beside it"
            : config.IsFor("Model") || config.IsFor("ModelWithProjection") ? $"its architecture is {config.Architecture}"
            : config.Architecture.Length == 0 && output.Name is "sentence_embedding" or "last_hidden_state" ? $"the graph's output is called {output.Name}"
            : null;
    }
}
