using System.Text;
using Serving.Runtime.Tokenization.PreTokenizers;

namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>GPT-2's alphabet of bytes back to text; a token with other characters stands for itself. What is no UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>(tokens.Count * 8);
        foreach (var token in tokens)
        {
            if (token.Any(c => ByteAlphabet.ByteOf(c) < 0))
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
                continue;
            }

            foreach (var c in token)
            {
                bytes.Add((byte)ByteAlphabet.ByteOf(c));
            }
        }

        return [Encoding.UTF8.GetString([.. bytes])];
    }
}
