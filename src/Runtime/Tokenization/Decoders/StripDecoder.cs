using System.Text;

namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>Takes up to so many of one character off the start and the end of every token.</summary>
internal sealed class StripDecoder(Rune content, int start, int stop) : IDecoder
{
    public List<string> Decode(List<string> tokens) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        var character = content.ToString();
        var from = 0;
        for (var i = 0; i < start && token.AsSpan(from).StartsWith(character, StringComparison.Ordinal); i++)
        {
            from += character.Length;
        }

        var to = token.Length;
        for (var i = 0; i < stop && token.AsSpan(from, to - from).EndsWith(character, StringComparison.Ordinal); i++)
        {
            to -= character.Length;
        }

        return token[from..to];
    }
}
