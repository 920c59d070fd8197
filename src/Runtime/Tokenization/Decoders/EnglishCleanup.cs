namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>Removes the spaces that splitting leaves before English punctuation and in contractions, as the reference library does, one rule after the other.</summary>
internal static class EnglishCleanup
{
    private static readonly (string Found, string Content)[] Rules =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public static string Apply(string text)
    {
        if (!text.Contains(' '))
        {
            return text;
        }

        foreach (var (found, content) in Rules)
        {
            text = text.Replace(found, content, StringComparison.Ordinal);
        }

        return text;
    }
}
