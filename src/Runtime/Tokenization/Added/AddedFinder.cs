using System.Buffers;
using Serving.Runtime.Tokenization.Models;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Added;

/// <summary>Finds added tokens in a text: the leftmost, of those the longest, none across another.</summary>
internal sealed class AddedFinder
{
    private static readonly CodePointSet Spaces = UnicodeTables.Set("library:space");
    private static readonly CodePointSet Words = UnicodeTables.Set("library:word");

    private readonly UnitTrie _trie = new();
    private readonly List<AddedToken> _tokens = [];
    private readonly SearchValues<char> _firsts;

    /// <summary>Of several with the same text the first is found.</summary>
    public AddedFinder(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        var seen = new HashSet<string>();
        foreach (var (text, token) in tokens)
        {
            if (text.Length > 0 && seen.Add(text))
            {
                _trie.Add(text, _tokens.Count);
                _tokens.Add(token);
            }
        }

        _firsts = SearchValues.Create([.. seen.Select(text => text[0]).Distinct()]);
    }

    /// <summary>Adds what is found, in order.</summary>
    public void Find(ReadOnlySpan<char> text, List<AddedMatch> matches)
    {
        if (_tokens.Count == 0)
        {
            return;
        }

        var last = 0;
        for (var at = 0; at < text.Length;)
        {
            var skip = text[at..].IndexOfAny(_firsts);
            if (skip < 0)
            {
                return;
            }

            at += skip;
            var index = LongestAt(text, at, out var end);
            if (index < 0)
            {
                at++;
                continue;
            }

            if (Accept(text, _tokens[index], at, end, last) is { } match)
            {
                matches.Add(match);
                last = match.End;
            }

            at = end;
        }
    }

    private int LongestAt(ReadOnlySpan<char> text, int at, out int end)
    {
        var found = -1;
        end = at;
        var node = UnitTrie.Root;
        for (var i = at; i < text.Length; i++)
        {
            node = _trie.Step(node, text[i]);
            if (node < 0)
            {
                break;
            }

            if (_trie.ValueAt(node) is var value and >= 0)
            {
                (found, end) = (value, i + 1);
            }
        }

        return found;
    }

    private static AddedMatch? Accept(ReadOnlySpan<char> text, AddedToken token, int start, int end, int last)
    {
        if (token.IsSingleWord &&
            (start > 0 && Words.Contains(CodePoints.Before(text, start, out _)) || end < text.Length && Words.Contains(CodePoints.At(text, end, out _))))
        {
            return null;
        }

        // Spaces are of the basic plane, one unit each. Those that the match before took are its own.
        var left = start;
        while (token.StripsLeft && left > 0 && Spaces.Contains(text[left - 1]))
        {
            left--;
        }

        while (token.StripsRight && end < text.Length && Spaces.Contains(text[end]))
        {
            end++;
        }

        return new AddedMatch(token, token.StripsLeft ? Math.Max(left, last) : start, end);
    }
}
