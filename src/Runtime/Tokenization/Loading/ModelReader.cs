using System.Text.Json;
using Serving.Runtime.Tokenization.Models;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Makes the model that a file names.</summary>
internal static class ModelReader
{
    /// <summary>Whether the model is a BPE.</summary>
    public static bool IsBpe(JsonPart part) => TypeOf(part) == "BPE";

    /// <summary>Makes the model; where <paramref name="readsBytes"/>, a BPE turns its pieces into GPT-2's alphabet itself.</summary>
    public static IModel Read(JsonPart part, bool readsBytes) => TypeOf(part) switch
    {
        "BPE" => ReadBpe(part, readsBytes),
        "WordPiece" => new WordCache(new WordPieceModel(
            ReadVocabulary(part.Get("vocab")),
            part.Get("unk_token").Text(),
            part.Get("continuing_subword_prefix").Text(),
            part.Get("max_input_chars_per_word").Number())),
        "WordLevel" => new WordLevelModel(ReadVocabulary(part.Get("vocab")), part.Get("unk_token").Text()),
        "Unigram" => new WordCache(ReadUnigram(part)),
        var other => throw part.Error($"there is no model '{other}'; there are BPE, Unigram, WordLevel, WordPiece"),
    };

    // Old files leave the type out; the keys tell.
    private static string TypeOf(JsonPart part) =>
        part.Find("type")?.Text() ??
        (part.Find("merges") is not null ? "BPE"
            : part.Get("vocab").Value.ValueKind == JsonValueKind.Array ? "Unigram"
            : part.Find("continuing_subword_prefix") is not null ? "WordPiece" : "WordLevel");

    private static Vocabulary ReadVocabulary(JsonPart part)
    {
        var ids = new Dictionary<string, int>();
        foreach (var (token, id) in part.Members())
        {
            ids[token] = id.Number();
        }

        return new Vocabulary(ids);
    }

    private static UnigramModel ReadUnigram(JsonPart part)
    {
        var tokens = new List<(string, double)>();
        foreach (var entry in part.Get("vocab").Items())
        {
            if (entry.Items().ToList() is not [var token, var score])
            {
                throw entry.Error("expected is a token and its score");
            }

            tokens.Add((token.Text(), score.Score()));
        }

        var unknown = part.Find("unk_id")?.Number() ?? -1;
        return unknown < tokens.Count
            ? new UnigramModel(tokens, unknown, part.Find("byte_fallback")?.Flag() ?? false)
            : throw part.Get("unk_id").Error($"is {unknown}, but the vocabulary has {tokens.Count} tokens");
    }

    private static IModel ReadBpe(JsonPart part, bool readsBytes)
    {
        if (part.Find("dropout") is { } dropout && dropout.Score() != 0)
        {
            throw dropout.Error("is not 0: a dropout makes the same text give other tokens each time and is only for training");
        }

        var vocabulary = ReadVocabulary(part.Get("vocab"));
        var options = new BpeOptions
        {
            Unknown = part.Find("unk_token")?.Text(),
            ContinuingPrefix = part.Find("continuing_subword_prefix")?.Text() ?? "",
            EndSuffix = part.Find("end_of_word_suffix")?.Text() ?? "",
            FusesUnknown = part.Find("fuse_unk")?.Flag() ?? false,
            HasByteFallback = part.Find("byte_fallback")?.Flag() ?? false,
            IgnoresMerges = part.Find("ignore_merges")?.Flag() ?? false,
            ReadsBytes = readsBytes,
        };
        var pairs = new List<(string Left, string Right)>();
        var merges = new List<(int, int, int)>();
        foreach (var merge in part.Get("merges").Items())
        {
            if (ReadMerge(merge) is var (left, right))
            {
                pairs.Add((left, right));
                merges.Add((IdOf(left), IdOf(right), IdOf(left + right[Math.Min(right.Length, options.ContinuingPrefix.Length)..])));
            }

            int IdOf(string token) => vocabulary.Find(token) is var id and >= 0 ? id : throw merge.Error($"'{token}' is not in the vocabulary");
        }

        var model = new WordCache(new BpeModel(vocabulary, new MergeTable(merges), options));
        return IsSegmented(options, pairs) ? new SegmentedModel(model, pairs) : model;
    }

    // Where a symbol is its character and nothing depends on its place in the word, merges tell where they end.
    private static bool IsSegmented(BpeOptions options, List<(string Left, string Right)> merges) =>
        !options.ReadsBytes && !options.IgnoresMerges && options.Unknown is not null && options.ContinuingPrefix.Length + options.EndSuffix.Length == 0 &&
        merges.TrueForAll(m => m.Left.Length > 0 && m.Right.Length > 0 && !IsSpecial(m.Left, options.Unknown) && !IsSpecial(m.Right, options.Unknown));

    // A token for unknown characters or for a byte stands for another text than its own.
    private static bool IsSpecial(string token, string? unknown) =>
        token == unknown || token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal);

    // Either a pair or, in older files, a string with a space between the two; null for the line that states a version.
    private static (string Left, string Right)? ReadMerge(JsonPart merge)
    {
        if (merge.Value.ValueKind == JsonValueKind.Array)
        {
            return merge.Items().ToList() is [var left, var right]
                ? (left.Text(), right.Text())
                : throw merge.Error("expected are two tokens");
        }

        var text = merge.Text();
        if (text.StartsWith("#version", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = text.Split(' ');
        return parts.Length == 2 ? (parts[0], parts[1]) : throw merge.Error("expected are two tokens with a space between them");
    }
}
