namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>Words with spaces between them; what continues a word loses its prefix.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var decoded = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (i > 0)
            {
                token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
            }

            decoded.Add(cleanup ? EnglishCleanup.Apply(token) : token);
        }

        return decoded;
    }
}
