using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>How many tokens a model takes, by its files.</summary>
internal static class TextLimits
{
    /// <summary>Files of models without a limit give a huge number for it.</summary>
    private const int NoLimit = 1_000_000;

    /// <summary>Models that number positions from behind the padding's id, so that they take fewer tokens than they have positions.</summary>
    private static readonly string[] OffsetTypes = ["roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "longformer", "mpnet", "layoutlmv3", "data2vec-text", "ibert", "esm"];

    private static readonly string[] PositionWeights = ["position_embeddings.weight", "position_embedding.weight", "wpe.weight", "embed_positions.weight"];

    /// <summary>Where the first token's position stands.</summary>
    public static int FirstPosition(HuggingFaceConfig config) => OffsetTypes.Contains(config.ModelType) ? (config.PaddingId ?? 1) + 1 : 0;

    /// <summary>The most tokens of a text; null where nothing limits it.</summary>
    public static int? Find(TaskMaterial material, Tokenizer tokenizer, int? graphLength)
    {
        var first = FirstPosition(material.Config);
        int?[] limits =
        [
            graphLength,
            material.Files.ReadJson("sentence_bert_config.json").Field("max_seq_length").AsCount(),
            material.Files.ReadJson("tokenizer_config.json").Field("model_max_length").AsCount(),
            tokenizer.Options.Truncation?.MaxLength,
            (material.Config.Positions ?? CountPositions(material)) - first,
        ];
        var known = limits.Where(limit => limit is > 0 and < NoLimit).ToList();
        return known.Count == 0 ? null : known.Min();
    }

    private static int? CountPositions(TaskMaterial material) => material.Weights
        .Where(weight => weight.Value.Length == 2 && PositionWeights.Any(name => weight.Key.EndsWith(name, StringComparison.Ordinal)))
        .Select(weight => (int?)weight.Value[0])
        .FirstOrDefault();
}
