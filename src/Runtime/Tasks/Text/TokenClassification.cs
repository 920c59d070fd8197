using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>Finds parts of texts, such as names, and says what they are.</summary>
internal sealed class TokenClassification : ITask
{
    public const string Name = "token-classification";
    public const string Text = "text";

    private static readonly ChoiceOption Strategy = new(
        "aggregation_strategy",
        "How tokens become entities: none tells each token, simple joins tokens of one class, first, average and max decide for whole words first. Default simple.",
        EntityGrouping.None, EntityGrouping.Simple, EntityGrouping.First, EntityGrouping.Average, EntityGrouping.Max);

    private static readonly ListOption IgnoreLabels = new("ignore_labels", "Classes that are not told. Default: O.", Most: 1024);

    private readonly TextGraph _graph;
    private readonly string[] _logits;
    private readonly IReadOnlyList<string> _labels;
    private readonly EntityGrouping _grouping;
    private readonly bool _marksSubwords;

    private TokenClassification(TaskMaterial material)
    {
        _graph = TextGraph.Make(material);
        _logits = [TextOutputs.Logits(material, rank: 3, Name).Name];
        _labels = material.Config.Labels ?? [];
        _grouping = new EntityGrouping(_graph.Tokenizer, _labels);
        _marksSubwords = material.Files.ReadJson("tokenizer.json").Field("model").Field("continuing_subword_prefix").AsText() is { Length: > 0 };
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Labels = _labels };
    }

    public static TaskKind Kind { get; } = new(Name, [Strategy, IgnoreLabels, .. TextOptions.All], Recognise, material => new TokenClassification(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Text)];

    public IReadOnlyList<TensorSignature> Outputs { get; } = [.. EntityOutputs.All, TextOutputs.Tokens];

    public TaskSettings Settings { get; }

    public Tokenizer? Tokenizer => _graph.Tokenizer;

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        // Cutting a text off would lose names without a word: windows, unless somebody says otherwise.
        if (!call.Texts(Text).TryGetValue(out var texts, out var failure)
            || !_graph.Encode(texts, null, call.Settings, overflow: TextOptions.Windows).TryGetValue(out var rows, out failure)
            || !(await _graph.RunAsync(call, rows, _logits, static (window, response) => Score(window, response.Outputs[0])).ConfigureAwait(false))
                .TryGetValue(out var windows, out failure))
        {
            return failure;
        }

        var strategy = call.Settings.Get(Strategy, EntityGrouping.Simple);
        var ignored = call.Settings.Get(IgnoreLabels) ?? ["O"];
        var found = new List<IReadOnlyList<Entity>>();
        for (var row = 0; row < rows.Count; row++)
        {
            var tokens = Tokens(texts[row], rows, windows, rows.Of(row));
            found.Add([.. _grouping.Group(tokens, strategy).Where(entity => !ignored.Contains(entity.Label))]);
        }

        return TextOutputs.AddTokens(EntityOutputs.Answer(found), call, rows);
    }

    /// <summary>The scores of each token for each class.</summary>
    private static float[][] Score(TokenEncoding window, in OutputTensor logits)
    {
        var classes = (int)logits.Shape[2];
        var all = Numbers.Floats(logits);
        var scores = new float[window.Length][];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = all.Slice(i * classes, classes).ToArray();
            Numbers.Softmax(scores[i]);
        }

        return scores;
    }

    private List<ScoredToken> Tokens(string text, TextRows rows, float[][][] windows, Range range)
    {
        var (first, count) = range.GetOffsetAndLength(windows.Length);
        var own = rows.Windows.Skip(first).Take(count).ToList();
        var letters = new CodePointText(text);
        var tokens = new List<ScoredToken>();
        foreach (var (window, place) in WindowTokens.Own(own))
        {
            var encoding = own[window];
            var (start, end) = encoding.Offsets[place];
            tokens.Add(new ScoredToken(encoding.Ids[place], encoding.Tokens[place], windows[first + window][place], start, end, IsSubword(letters, encoding, place), count == 1 ? place : tokens.Count + 1));
        }

        return tokens;
    }

    /// <summary>Whether a token continues a word: by its prefix where the tokenizer has one, else where no blank stands before it.</summary>
    private bool IsSubword(CodePointText text, TokenEncoding window, int place)
    {
        var (start, end) = window.Offsets[place];
        return _marksSubwords
            ? window.Tokens[place].EnumerateRunes().Count() != end - start && window.Ids[place] != _graph.UnknownId
            : start > 0 && start < end && !text.IsBlank(start - 1) && !text.IsBlank(start);
    }

    private static string? Recognise(TaskMaterial material) =>
        TextGraph.Fits(material) && material.Config.IsFor("ForTokenClassification") && material.Input("bbox") is null ? $"its architecture is {material.Config.Architecture}" : null;
}
