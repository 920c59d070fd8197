using System.Globalization;
using System.Text.Json;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Text;

namespace Serving.Runtime.Tasks.Audio;

/// <summary>What the numbers that a CTC model tells stand for, as <c>Wav2Vec2CTCTokenizer</c> has it in its files.</summary>
internal sealed class CtcVocabulary
{
    /// <summary>Arbitrary; the largest known, of Chinese characters, have some twenty thousand.</summary>
    private const int Most = 1 << 20;

    private readonly Dictionary<int, string> _tokens;
    private readonly HashSet<int> _special;

    private CtcVocabulary(Dictionary<int, string> tokens, int blank, string delimiter, bool isLower, HashSet<int> special)
    {
        _tokens = tokens;
        _special = special;
        Blank = blank;
        Delimiter = delimiter;
        IsLower = isLower;
    }

    /// <summary>What is told where nothing new is heard.</summary>
    public int Blank { get; }

    /// <summary>The token between two words.</summary>
    public string Delimiter { get; }

    /// <summary>Whether the text is made lower case.</summary>
    public bool IsLower { get; }

    /// <summary>A token's text; null for one that is no text.</summary>
    public string? TextOf(int id) => id == Blank || _special.Contains(id) ? null : _tokens.GetValueOrDefault(id);

    public bool Covers(long classes) => _tokens.Count > 0 && _tokens.Keys.Max() < classes;

    /// <exception cref="TaskException">There is no vocabulary.</exception>
    public static CtcVocabulary Read(TaskMaterial material)
    {
        var config = material.Files.ReadJson("tokenizer_config.json");
        var vocabulary = material.Files.ReadJson("vocab.json") ?? material.Files.ReadJson("tokenizer.json").Field("model").Field("vocab");

        // Models of many languages have a vocabulary for each.
        vocabulary = config.Field("target_lang").AsText() is { } language && vocabulary.Field(language) is { ValueKind: JsonValueKind.Object } own ? own : vocabulary;
        var tokens = Tokens(vocabulary, material.Files.ReadJson("added_tokens.json"));
        if (tokens.Count == 0)
        {
            throw new TaskException("there is no vocab.json or tokenizer.json with a vocabulary beside the graph");
        }

        var ids = tokens.GroupBy(token => token.Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Key, StringComparer.Ordinal);
        int? IdOf(string? token) => token is not null && ids.TryGetValue(token, out var id) ? id : null;
        var blank = IdOf(SpecialTokens.Find(material, "pad_token")) ?? material.Config.PaddingId ?? IdOf("<pad>") ?? IdOf("[PAD]") ?? 0;
        var special = ((string?[])[SpecialTokens.Find(material, "bos_token") ?? "<s>", SpecialTokens.Find(material, "eos_token") ?? "</s>", SpecialTokens.Find(material, "unk_token") ?? "<unk>"])
            .Select(IdOf).OfType<int>().ToHashSet();
        return new CtcVocabulary(tokens, blank, SpecialTokens.Find(material, "word_delimiter_token") ?? "|", config.Field("do_lower_case").AsFlag() ?? false, special);
    }

    private static Dictionary<int, string> Tokens(params JsonElement?[] files)
    {
        var tokens = new Dictionary<int, string>();
        foreach (var file in files)
        {
            if (file is { ValueKind: JsonValueKind.Object } map)
            {
                foreach (var entry in map.EnumerateObject())
                {
                    if (((JsonElement?)entry.Value).AsCount() is >= 0 and < Most and var id)
                    {
                        tokens[id] = entry.Name;
                    }
                }
            }
        }

        return tokens;
    }

    public string Written(string text) => IsLower ? text.ToLower(CultureInfo.InvariantCulture) : text;
}
