using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>
/// Says what each word of a page is, going by what it says and where it stands (LayoutLM, Xu et al. 2020). A request is one page, its
/// rows are the page's words. The class of a word is that of its first token.
/// </summary>
internal sealed class DocumentTokenClassification : ITask
{
    public const string Name = "document-token-classification";
    public const string Words = "words";
    public const string Boxes = "boxes";

    /// <summary>Boxes count in thousandths of the page.</summary>
    private const long PageSize = 1000;

    private readonly TextGraph _graph;
    private readonly string[] _logits;
    private readonly IReadOnlyList<string> _labels;
    private readonly EncodeOptions _plain;
    private readonly TokenEncoding _frame;

    private DocumentTokenClassification(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        _logits = [TextOutputs.Logits(material, rank: 3, Name).Name];
        _labels = material.Config.Labels ?? [];
        _plain = _graph.Tokenizer.Options with { AddSpecialTokens = false, Padding = null, Truncation = null };
        _frame = _graph.Tokenizer.Encode("", null, _plain with { AddSpecialTokens = true });
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Labels = _labels };
    }

    public static TaskKind Kind { get; } = new(Name, [TextOptions.MaxTokens], Recognise, material => new DocumentTokenClassification(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Words), TensorSignatures.PerRow(Boxes, ElementType.Int64, ("left, top, right, bottom", 4))];

    public IReadOnlyList<TensorSignature> Outputs { get; } =
        [TensorSignatures.PerRow(TopClasses.Label, ElementType.Bytes), TensorSignatures.PerRow(TopClasses.Score, ElementType.Float32)];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!call.Texts(Words).TryGetValue(out var words, out var failure) || !ReadBoxes(call).TryGetValue(out var boxes, out failure))
        {
            return failure;
        }

        var tokens = Array.ConvertAll(words, word => _graph.Tokenizer.Encode(word, null, _plain).Ids.ToArray());
        var windows = Cut(tokens, Math.Min(call.Settings.Get(TextOptions.MaxTokens, int.MaxValue), _graph.MaxTokens ?? int.MaxValue) - _frame.Length);
        var inputs = windows.Select(window => MakeInputs(tokens, boxes, window)).ToList();
        if (!(await GraphRows.RunAsync(call, inputs, _logits, (i, response) => Read(response.Outputs[0], tokens, windows[i])).ConfigureAwait(false))
            .TryGetValue(out var read, out failure))
        {
            return failure;
        }

        var best = read.SelectMany(window => window).ToList();
        return new TaskAnswer()
            .Add(TopClasses.Label, new TensorShape(words.Length), [.. best.Select(one => one.Class < 0 ? "" : TopClasses.NameOf(one.Class, _labels))])
            .Add(TopClasses.Score, new TensorShape(words.Length), [.. best.Select(one => one.Score)]);
    }

    private static Outcome<long[]> ReadBoxes(TaskCall call)
    {
        var tensor = call.Find(Boxes)!.Value;
        var boxes = new long[call.Rows * 4];
        BuffersExtensions.CopyTo(tensor.Data, MemoryMarshal.AsBytes(boxes.AsSpan()));
        var wrong = Array.FindIndex(boxes, value => value is < 0 or > PageSize);
        return wrong < 0 ? boxes : InferenceFailure.InvalidInput($"input '{Boxes}' row {wrong / 4}: {boxes[wrong]} is outside of the page, expected thousandths of its width and height, from 0 to {PageSize}");
    }

    /// <summary>The ranges of words whose tokens fit together; a word that does not fit alone is cut.</summary>
    private static List<Range> Cut(int[][] tokens, int most)
    {
        var windows = new List<Range>();
        var (start, taken) = (0, 0);
        for (var word = 0; word < tokens.Length; word++)
        {
            if (word > start && taken + tokens[word].Length > most)
            {
                windows.Add(start..word);
                (start, taken) = (word, 0);
            }

            Array.Resize(ref tokens[word], Math.Clamp(most, 0, tokens[word].Length));
            taken += tokens[word].Length;
        }

        windows.Add(start..tokens.Length);
        return windows;
    }

    private InputTensor[] MakeInputs(int[][] tokens, long[] boxes, Range window)
    {
        var (first, count) = window.GetOffsetAndLength(tokens.Length);
        List<int> ids = [_frame.Ids[0]];
        List<long> places = [0, 0, 0, 0];
        for (var word = first; word < first + count; word++)
        {
            ids.AddRange(tokens[word]);
            foreach (var _ in tokens[word])
            {
                places.AddRange(boxes.AsSpan(word * 4, 4));
            }
        }

        ids.AddRange(_frame.Ids[1..]);
        places.AddRange(Enumerable.Repeat(PageSize, (_frame.Length - 1) * 4));
        return _graph.Inputs(new TokenRow
        {
            Ids = CollectionsMarshal.AsSpan(ids),
            Mask = Enumerable.Repeat(1, ids.Count).ToArray(),
            Segments = new int[ids.Count],
            Boxes = CollectionsMarshal.AsSpan(places),
        });
    }

    /// <summary>For each word of a window the best class of its first token; -1 for a word without tokens.</summary>
    private static (int Class, float Score)[] Read(OutputTensor logits, int[][] tokens, Range window)
    {
        var classes = (int)logits.Shape[2];
        var all = Numbers.Floats(logits);
        var (first, count) = window.GetOffsetAndLength(tokens.Length);
        var best = new (int Class, float Score)[count];
        var place = 1;
        for (var word = 0; word < count; word++)
        {
            best[word] = (-1, 0);
            if (tokens[first + word].Length > 0)
            {
                var scores = all.Slice(place * classes, classes).ToArray();
                Numbers.Softmax(scores);
                var top = Numbers.Largest(scores, 1)[0];
                best[word] = (top, scores[top]);
            }

            place += tokens[first + word].Length;
        }

        return best;
    }

    private static string? Recognise(TaskMaterial material) =>
        TextGraph.Fits(material) && material.Config.IsFor("ForTokenClassification") && material.Input("bbox") is not null
            ? $"its architecture is {material.Config.Architecture}, and the graph takes the places of words"
            : null;
}
