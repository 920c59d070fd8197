using System.Runtime.InteropServices;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>
/// Remembers the tokens of words. A table with two places for each hash, written over without a lock: an entry is
/// immutable, so a thread that sees it sees all of it, and one that is lost is made again.
/// </summary>
internal sealed class WordCache : IModel
{
    // 32768 words of up to 64 units: a language's common words, at most some ten MB. More brought nothing on mixed texts.
    private const int Slots = 1 << 15;
    private const int LongestWord = 64;

    private readonly IModel _model;
    private readonly Entry?[] _entries = new Entry?[Slots];

    public WordCache(IModel model)
    {
        _model = model;
    }

    public Vocabulary Vocabulary => _model.Vocabulary;

    public int ShownAsText => _model.ShownAsText;

    public void Tokenize(ReadOnlySpan<char> piece, TokenList output)
    {
        if (piece.Length > LongestWord)
        {
            _model.Tokenize(piece, output);
            return;
        }

        var hash = Hash(piece);
        var slot = (int)(hash & (Slots - 2));
        if (_entries[slot] is { } first && first.Is(hash, piece))
        {
            output.AddRange(first.Tokens);
        }
        else if (_entries[slot + 1] is { } second && second.Is(hash, piece))
        {
            output.AddRange(second.Tokens);
        }
        else
        {
            var start = output.Count;
            _model.Tokenize(piece, output);

            // The newer of the two moves to the second place, where it is older than what comes next.
            _entries[slot + 1] = _entries[slot];
            _entries[slot] = new Entry(hash, piece.ToArray(), output.Span[start..].ToArray());
        }
    }

    private static ulong Hash(ReadOnlySpan<char> word)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        var hash = (ulong)word.Length * Prime;
        var fours = MemoryMarshal.Cast<char, ulong>(word);
        foreach (var four in fours)
        {
            hash = (hash ^ four) * Prime;
            hash ^= hash >> 29;
        }

        foreach (var unit in word[(fours.Length * 4)..])
        {
            hash = (hash ^ unit) * Prime;
        }

        return hash ^ (hash >> 32);
    }

    private sealed class Entry(ulong hash, char[] word, Token[] tokens)
    {
        public Token[] Tokens => tokens;

        public bool Is(ulong other, ReadOnlySpan<char> piece) => hash == other && piece.SequenceEqual(word);
    }
}
