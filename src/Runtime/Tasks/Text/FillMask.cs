using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>Says what may stand in the place of each mask in a text.</summary>
internal sealed class FillMask : ITask
{
    public const string Name = "fill-mask";
    public const string Text = "text";
    public const string Token = "token";
    public const string TokenText = "token_str";
    public const string Score = "score";
    public const string Sequence = "sequence";
    public const string Mask = "mask";

    private static readonly string[] UsualMasks = ["[MASK]", "<mask>", "[mask]"];

    private static readonly CountOption TopK = new("top_k", "How many tokens are told for each mask. Default 5.", 1, 1000);

    private static readonly ListOption Targets = new("targets", "The only tokens to choose from. Default: all.", Most: 1024);

    private readonly TextGraph _graph;
    private readonly string[] _logits;
    private readonly string _maskText;
    private readonly int _mask;

    private FillMask(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        _logits = [TextOutputs.Logits(material, rank: 3, Name).Name];
        _maskText = SpecialTokens.Find(material, "mask_token") ?? Array.Find(UsualMasks, mask => _graph.Tokenizer.IdOf(mask) is not null)
            ?? throw new TaskException($"the task {Name} wants a mask token; the tokenizer has none of {string.Join(", ", UsualMasks)}");
        _mask = _graph.Tokenizer.IdOf(_maskText) ?? throw new TaskException($"the mask token '{_maskText}' is not in the tokenizer's vocabulary");
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings);
    }

    public static TaskKind Kind { get; } = new(Name, [TopK, Targets, .. TextOptions.All], Recognise, material => new FillMask(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Text)];

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(TokenText, ElementType.Bytes, ("candidates", -1)),
        TensorSignatures.PerRow(Score, ElementType.Float32, ("candidates", -1)),
        TensorSignatures.PerRow(Token, ElementType.Int64, ("candidates", -1)),
        TensorSignatures.PerRow(Sequence, ElementType.Bytes, ("candidates", -1)),
        TensorSignatures.PerRow(Mask, ElementType.Int64, ("candidates", -1)),
        RaggedCounts.Output,
        TextOutputs.Tokens,
    ];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        if (!call.Texts(Text).TryGetValue(out var texts, out var failure)
            || !FindTargets(call.Settings.Get(Targets) ?? []).TryGetValue(out var targets, out failure)
            || !_graph.Encode(texts, null, call.Settings).TryGetValue(out var rows, out failure))
        {
            return failure;
        }

        for (var row = 0; row < rows.Count; row++)
        {
            if (!rows.Windows.Take(rows.Of(row)).Any(window => window.Ids.Contains(_mask)))
            {
                return InferenceFailure.InvalidInput($"text {row} has no mask; put {_maskText} where a token is to be found");
            }
        }

        var most = call.Settings.Get(TopK, 5);
        return (await _graph.RunAsync(call, rows, _logits, (window, response) => Fill(window, response.Outputs[0], targets, most)).ConfigureAwait(false))
            .TryGetValue(out var windows, out failure)
            ? Answer(call, rows, windows)
            : failure;
    }

    private static TaskAnswer Answer(TaskCall call, TextRows rows, MaskCandidate[][] windows)
    {
        var ragged = new RaggedRows<MaskCandidate>([.. Enumerable.Range(0, rows.Count).Select(row => windows[rows.Of(row)].SelectMany(found => found).ToList())]);
        var answer = new TaskAnswer()
            .Add(TokenText, ragged.Shape, ragged.Texts(one => one.Text))
            .Add(Score, ragged.Shape, ragged.Floats(one => one.Score))
            .Add(Token, ragged.Shape, ragged.Longs(one => one.Id))
            .Add(Sequence, ragged.Shape, ragged.Texts(one => one.Sequence))
            .Add(Mask, ragged.Shape, ragged.Longs(one => one.Mask));
        ragged.AddCounts(answer);
        return TextOutputs.AddTokens(answer, call, rows);
    }

    /// <summary>The candidates for every mask of a window, those of one mask together, the best first.</summary>
    private MaskCandidate[] Fill(TokenEncoding window, in OutputTensor logits, int[] targets, int most)
    {
        var vocabulary = (int)logits.Shape[2];
        var all = Numbers.Floats(logits);
        var candidates = new List<MaskCandidate>();
        var mask = 0;
        for (var place = 0; place < window.Length; place++)
        {
            if (window.Ids[place] == _mask)
            {
                var scores = all.Slice(place * vocabulary, vocabulary).ToArray();
                Numbers.Softmax(scores);
                candidates.AddRange(Choose(window, place, scores, targets, most).Select(one => one with { Mask = mask }));
                mask++;
            }
        }

        return [.. candidates];
    }

    private IEnumerable<MaskCandidate> Choose(TokenEncoding window, int place, float[] scores, int[] targets, int most)
    {
        var chosen = targets.Length == 0 ? scores : Array.ConvertAll(targets, id => id < scores.Length ? scores[id] : 0);
        foreach (var best in Numbers.Largest(chosen, most))
        {
            var id = targets.Length == 0 ? best : targets[best];
            int[] filled = [.. window.Ids];
            filled[place] = id;
            yield return new MaskCandidate(id, _graph.Tokenizer.Decode([id]), chosen[best], _graph.Tokenizer.Decode(filled), 0);
        }
    }

    private Outcome<int[]> FindTargets(IReadOnlyList<string> targets)
    {
        var ids = new List<int>();
        foreach (var target in targets)
        {
            if (_graph.Tokenizer.IdOf(target) is not { } id)
            {
                return InferenceFailure.InvalidInput($"parameter '{Targets.Name}': the tokenizer has no token '{target}'");
            }

            ids.Add(id);
        }

        return ids.Distinct().ToArray();
    }

    private static string? Recognise(TaskMaterial material) =>
        TextGraph.Fits(material) && (material.Config.IsFor("ForMaskedLM") || material.Config.IsFor("BertForPreTraining")) && material.OutputOf(3, "logits", "prediction_logits") is not null
            ? $"its architecture is {material.Config.Architecture}"
            : null;
}
