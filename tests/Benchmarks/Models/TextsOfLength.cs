using System.Text;
using System.Text.RegularExpressions;
using Serving.Runtime.Tokenization;
using Serving.TestKit.Source;

namespace Serving.Benchmarks.Models;

/// <summary>English texts of about as many tokens as are asked for: the project's documents, from where the last text ended.</summary>
internal sealed partial class TextsOfLength(Tokenizer tokenizer)
{
    private static readonly EncodeOptions Whole = new();

    private readonly string[] _words = [.. Words()];
    private int _next;

    /// <summary>A text and its tokens, special ones included. Never fewer than asked for, and more by the last word's at most.</summary>
    public (string Text, int Tokens) Make(int tokens)
    {
        var text = new StringBuilder();
        var count = 0;
        while (count < tokens)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(_words[_next++ % _words.Length]);
            count = tokenizer.Encode(text.ToString(), pair: null, Whole).Ids.Length;
        }

        return (text.ToString(), count);
    }

    private static IEnumerable<string> Words() =>
        from name in (string[])["README.md", "docs/architecture.md", "docs/tasks.md", "docs/operations.md"]
        from match in Word().Matches(SourceTree.Read(name))
        select match.Value;

    [GeneratedRegex("[A-Za-z]+[,.]?")]
    private static partial Regex Word();
}
