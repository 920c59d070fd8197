using System.Globalization;
using System.Text.Json;

namespace Serving.Runtime.Tasks.Finding;

/// <summary>What the <c>config.json</c> of a Hugging Face export says.</summary>
/// <param name="root">The file's root; null where there is no file.</param>
internal sealed class HuggingFaceConfig(JsonElement? root)
{
    /// <summary>The file as a whole, for what only one kind of model has.</summary>
    public JsonElement? Root => root;

    /// <summary>The class of the model, such as <c>BertForSequenceClassification</c>; empty where none is named.</summary>
    public string Architecture { get; } = root.Field("architectures").AsList().Select(name => ((JsonElement?)name).AsText()).FirstOrDefault() ?? "";

    public string ModelType { get; } = root.Field("model_type").AsText() ?? "";

    public string ProblemType { get; } = root.Field("problem_type").AsText() ?? "";

    /// <summary>The labels by number; null where there are none. A number without one is called as the libraries do, <c>LABEL_7</c>.</summary>
    public IReadOnlyList<string>? Labels { get; } = ReadLabels(root.Field("id2label"));

    /// <summary>The number of positions that the model knows; null where it does not say.</summary>
    public int? Positions { get; } = root.Field("max_position_embeddings").AsCount() ?? root.Field("n_positions").AsCount();

    public int? PaddingId { get; } = root.Field("pad_token_id").AsCount();

    /// <summary>Whether the class of the model is one for a purpose, such as <c>ForQuestionAnswering</c>.</summary>
    public bool IsFor(string purpose) => Architecture.EndsWith(purpose, StringComparison.Ordinal);

    private static string[]? ReadLabels(JsonElement? names)
    {
        // Arbitrary; the largest known have some twenty thousand.
        const int Most = 1 << 20;
        if (names is not { ValueKind: JsonValueKind.Object } map)
        {
            return null;
        }

        var labels = new SortedDictionary<int, string>();
        foreach (var entry in map.EnumerateObject())
        {
            if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Most)
            {
                labels[number] = ((JsonElement?)entry.Value).AsText() ?? "";
            }
        }

        return labels.Count == 0
            ? null
            : [.. Enumerable.Range(0, labels.Keys.Max() + 1).Select(i => labels.GetValueOrDefault(i) is { Length: > 0 } label ? label : $"LABEL_{i}")];
    }
}
