using System.Text;
using Serving.Runtime.Tokenization.Patterns;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>In every token, matches of a pattern or string give way to another string.</summary>
internal sealed class ReplaceDecoder(Matches matches, string content) : IDecoder
{
    public List<string> Decode(List<string> tokens)
    {
        var machine = new PatternMachine();
        return [.. tokens.Select(token => Replace(token, machine))];
    }

    private string Replace(string token, PatternMachine machine)
    {
        machine.Begin(token.Length);
        var at = 0;
        StringBuilder? replaced = null;
        while (matches.TryFind(token, machine, at, replaced is null, out var start, out var end))
        {
            replaced ??= new StringBuilder();
            replaced.Append(token, at, start - at).Append(content);
            at = end;
        }

        return replaced?.Append(token, at, token.Length - at).ToString() ?? token;
    }
}
