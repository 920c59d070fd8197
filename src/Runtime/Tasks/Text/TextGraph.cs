using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>A graph that reads tokens, with the tokenizer that makes them of texts.</summary>
internal sealed class TextGraph
{
    private static readonly Dictionary<string, TokenInput> KnownInputs = new(StringComparer.Ordinal)
    {
        ["input_ids"] = TokenInput.Ids,
        ["input"] = TokenInput.Ids,
        ["attention_mask"] = TokenInput.Mask,
        ["input_mask"] = TokenInput.Mask,
        ["mask"] = TokenInput.Mask,
        ["token_type_ids"] = TokenInput.Segments,
        ["segment_ids"] = TokenInput.Segments,
        ["position_ids"] = TokenInput.Positions,
        ["bbox"] = TokenInput.Boxes,
    };

    private readonly (TensorSignature Tensor, TokenInput Content)[] _inputs;
    private readonly int? _length;
    private readonly int _firstPosition;
    private readonly int _padding;
    private readonly long _rows;

    private TextGraph(Tokenizer tokenizer, (TensorSignature, TokenInput)[] inputs, TaskMaterial material)
    {
        Tokenizer = tokenizer;
        _inputs = inputs;
        _length = FixedLength(inputs);
        _firstPosition = TextLimits.FirstPosition(material.Config);
        _padding = tokenizer.Options.Padding?.Id ?? material.Config.PaddingId ?? 0;
        MaxTokens = TextLimits.Find(material, tokenizer, _length);
        _rows = material.Bounds.GetValueOrDefault(inputs.First(input => input.Item2 == TokenInput.Ids).Item1.Name, long.MaxValue);
        UnknownId = FindUnknown(material, tokenizer);
    }

    public Tokenizer Tokenizer { get; }

    /// <summary>The most tokens that the model takes; null where it has no limit.</summary>
    public int? MaxTokens { get; }

    /// <summary>The id of what the tokenizer has no token for; null where it has one for everything.</summary>
    public int? UnknownId { get; }

    /// <summary>What a client may know of a task over this graph.</summary>
    public TaskDetails Describe(string task, TaskMaterial material, TaskSettings settings) => new(task, material.Evidence)
    {
        MaxTokens = MaxTokens,
        Parameters = settings.Parameters,
        Architecture = material.Config.Architecture,
        Notes = _rows >= Tokenizer.VocabularySize ? [] :
        [
            $"the tokenizer has {Tokenizer.VocabularySize} tokens and the graph knows {_rows}: the others are read as the unknown token, if there is one",
        ],
    };

    /// <summary>Whether the graph tells the first from the second text of a pair.</summary>
    public bool HasSegments => Array.Exists(_inputs, input => input.Content == TokenInput.Segments);

    /// <summary>Whether a graph with these files reads tokens of texts.</summary>
    public static bool Fits(TaskMaterial material) =>
        material.Files.Find("tokenizer.json") is not null && material.Inputs.Any(input => KnownInputs.GetValueOrDefault(input.Name, TokenInput.Boxes) == TokenInput.Ids);

    /// <summary>Reads the tokenizer and finds what the graph wants of it.</summary>
    /// <exception cref="TaskException">The graph wants something that no text gives, or there is no tokenizer.</exception>
    /// <exception cref="Configuration.ConfigException">The tokenizer cannot be used.</exception>
    public static TextGraph Make(TaskMaterial material)
    {
        var file = material.Files.Find("tokenizer.json") ?? throw new TaskException("there is no tokenizer.json beside the graph");
        var inputs = new List<(TensorSignature, TokenInput)>();
        foreach (var tensor in material.Inputs)
        {
            var isKnown = KnownInputs.TryGetValue(tensor.Name, out var content);
            var isWhole = tensor.Type is ElementType.Int64 or ElementType.Int32;
            if (isKnown && (isWhole || (content == TokenInput.Mask && tensor.Type == ElementType.Float32)))
            {
                inputs.Add((tensor, content));
            }
            else if (!tensor.Optional)
            {
                throw new TaskException($"the graph's input '{tensor.Name}' ({tensor.Type.Name()} {tensor.Shape}) is none that a text gives; known are {string.Join(", ", KnownInputs.Keys)}");
            }
        }

        if (inputs.FirstOrDefault(input => input.Item1 is { HasRank: true, Shape.Rank: > 0 } tensor && tensor.Shape[0] > 1) is { Item1: { } many })
        {
            throw new TaskException($"the graph's input '{many.Name}' always has {many.Shape[0]} rows; a text is one");
        }

        return new TextGraph(Tokenizer.Load(file), [.. inputs], material);
    }

    /// <summary>Tokenizes rows of texts; fails where one is too long and shall not be cut.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="pairs">What belongs to each; null where nothing does.</param>
    /// <param name="settings">What is done with long ones.</param>
    /// <param name="strategy">Which text of a pair is cut.</param>
    /// <param name="overflow">What is done with long ones where nobody says.</param>
    public Outcome<TextRows> Encode(
        IReadOnlyList<string> texts, IReadOnlyList<string>? pairs, TaskSettings settings, TruncationStrategy strategy = TruncationStrategy.LongestFirst, string overflow = TextOptions.Truncate)
    {
        overflow = settings.Get(TextOptions.Overflow, overflow);
        var most = Math.Min(settings.Get(TextOptions.MaxTokens, int.MaxValue), MaxTokens ?? int.MaxValue);
        var options = Tokenizer.Options with { Padding = null, Truncation = Truncation(settings, overflow, strategy, most) };
        var rows = new TextRows();
        for (var i = 0; i < texts.Count; i++)
        {
            var encoding = Tokenizer.Encode(texts[i], pairs?[i], options);
            if (encoding.Length > most)
            {
                return InferenceFailure.TooLarge($"a text has {encoding.Length} tokens, allowed are {most}{(texts.Count > 1 ? $" (row {i})" : "")}");
            }

            rows.Add(encoding, overflow == TextOptions.Windows);
        }

        return rows;
    }

    /// <summary>Runs each window by itself; the planner puts together what suits.</summary>
    /// <param name="call">The request.</param>
    /// <param name="rows">Its texts.</param>
    /// <param name="outputs">The graph's outputs that are wanted.</param>
    /// <param name="finish">Makes a window's result of the graph's answer.</param>
    public ValueTask<Outcome<T[]>> RunAsync<T>(TaskCall call, TextRows rows, IReadOnlyList<string> outputs, Func<TokenEncoding, InferenceResponse, T> finish) =>
        GraphRows.RunAsync(call, [.. rows.Windows.Select(window => Inputs(TokenRow.Of(window)))], outputs, (i, response) => finish(rows.Windows[i], response));

    /// <summary>The graph's inputs for one row of tokens.</summary>
    public InputTensor[] Inputs(in TokenRow row)
    {
        var length = _length ?? row.Ids.Length;
        var tensors = new InputTensor[_inputs.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            var (tensor, content) = _inputs[i];
            var values = new long[content == TokenInput.Boxes ? length * 4 : length];
            Fill(values, content, row);
            var shape = content == TokenInput.Boxes ? new TensorShape(1, length, 4) : new TensorShape(1, length);
            tensors[i] = new InputTensor(tensor.Name, tensor.Type, shape, new ReadOnlySequence<byte>(ToBytes(values, tensor.Type)));
        }

        return tensors;
    }

    private static int? FixedLength((TensorSignature Tensor, TokenInput Content)[] inputs)
    {
        var ids = inputs.FirstOrDefault(input => input.Content == TokenInput.Ids).Tensor ?? throw new TaskException("the graph has no input for tokens");
        return ids is { HasRank: true, Shape.Rank: 2 } && ids.Shape[1] > 0 ? (int)Math.Min(ids.Shape[1], int.MaxValue) : null;
    }

    private static TruncationOptions? Truncation(TaskSettings settings, string overflow, TruncationStrategy strategy, int most) =>
        overflow == TextOptions.Refuse || most == int.MaxValue
            ? null
            : new TruncationOptions
            {
                MaxLength = most,
                Stride = overflow == TextOptions.Windows ? Math.Min(settings.Get(TextOptions.Stride, most / 4), Math.Max(most / 2, 0)) : 0,
                Strategy = strategy,
                Side = settings.Get(TextOptions.TruncationDirection, "right") == "left" ? TextSide.Left : TextSide.Right,
            };

    private void Fill(Span<long> values, TokenInput content, in TokenRow row)
    {
        switch (content)
        {
            case TokenInput.Ids:
                WriteIds(row.Ids, values);
                values[row.Ids.Length..].Fill(_padding);
                break;
            case TokenInput.Mask:
                Widen(row.Mask, values);
                break;
            case TokenInput.Segments:
                Widen(row.Segments, values);
                break;
            case TokenInput.Positions:
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = _firstPosition + i;
                }

                break;
            default:
                row.Boxes.CopyTo(values);
                break;
        }
    }

    /// <summary>An id that the graph has no vector for would fail the run, and is worth no more than an unknown word.</summary>
    private void WriteIds(ReadOnlySpan<int> from, Span<long> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i] < _rows ? from[i] : UnknownId ?? from[i];
        }
    }

    private static int? FindUnknown(TaskMaterial material, Tokenizer tokenizer) =>
        ((string?[])[SpecialTokens.Find(material, "unk_token"), "[UNK]", "<unk>", "<|endoftext|>"]).OfType<string>().Select(tokenizer.IdOf).FirstOrDefault(id => id is not null);

    private static void Widen(ReadOnlySpan<int> from, Span<long> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }

    private static byte[] ToBytes(long[] values, ElementType type) => type switch
    {
        ElementType.Int64 => MemoryMarshal.AsBytes<long>(values).ToArray(),
        ElementType.Int32 => MemoryMarshal.AsBytes<int>(Array.ConvertAll(values, static value => (int)value)).ToArray(),
        _ => MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, static value => (float)value)).ToArray(),
    };
}
