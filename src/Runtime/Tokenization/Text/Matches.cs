using Serving.Runtime.Tokenization.Patterns;

namespace Serving.Runtime.Tokenization.Text;

/// <summary>
/// What is searched for in a text: a pattern or a string. Matches do not overlap; an empty match right behind another is
/// none.
/// </summary>
internal sealed class Matches
{
    private readonly Pattern? _pattern;
    private readonly string _literal;

    public Matches(Pattern pattern)
    {
        _pattern = pattern;
        _literal = "";
    }

    public Matches(string literal)
    {
        _literal = literal;
    }

    /// <summary>The next match at or behind <paramref name="from"/>, where the one before it ended; false without one.</summary>
    public bool TryFind(ReadOnlySpan<char> text, PatternMachine machine, int from, bool isFirst, out int start, out int end)
    {
        if (_pattern is null)
        {
            start = _literal.Length == 0 ? -1 : text[from..].IndexOf(_literal, StringComparison.Ordinal);
            start = start < 0 ? -1 : from + start;
            end = start + _literal.Length;
            return start >= 0;
        }

        start = machine.Find(_pattern, text, from, out end);
        if (start == end && start == from && !isFirst)
        {
            if (from == text.Length)
            {
                return false;
            }

            from += from + 1 < text.Length && char.IsHighSurrogate(text[from]) ? 2 : 1;
            start = machine.Find(_pattern, text, from, out end);
        }

        return start >= 0;
    }

    /// <summary>Splits a text at the matches; with <paramref name="inverted"/> what is between them are the delimiters.</summary>
    public void Split(ReadOnlySpan<char> text, int offset, PatternMachine machine, SplitBehavior behavior, bool inverted, PieceList output)
    {
        var split = new DelimiterSplit(output, behavior);
        var at = 0;
        var isFirst = true;
        while (TryFind(text, machine, at, isFirst, out var start, out var end))
        {
            if (start > at)
            {
                split.Add(offset + at, offset + start, inverted);
            }

            split.Add(offset + start, offset + end, !inverted);
            at = end;
            isFirst = false;
        }

        if (at < text.Length)
        {
            split.Add(offset + at, offset + text.Length, inverted);
        }

        split.End();
    }
}
