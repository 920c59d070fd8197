namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>What a CTC model says for each frame: repetitions count once, blanks go, the mark between words becomes a space.</summary>
internal sealed class CtcDecoder(string pad, string wordDelimiter, bool cleanup) : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var decoded = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1])
            {
                continue;
            }

            var token = pad.Length == 0 ? tokens[i] : tokens[i].Replace(pad, "", StringComparison.Ordinal);
            if (cleanup)
            {
                token = EnglishCleanup.Apply(token);
                token = wordDelimiter.Length == 0 ? token : token.Replace(wordDelimiter, " ", StringComparison.Ordinal);
            }

            if (token.Length > 0)
            {
                decoded.Add(token);
            }
        }

        return decoded;
    }
}
