using System.Text;
using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>
/// SentencePiece's model: of all ways to cut a piece into tokens the one with the greatest sum of scores, found place by
/// place (Viterbi). Neighbouring characters without a token are one unknown token, or the tokens of their bytes.
/// </summary>
internal sealed class UnigramModel : IModel
{
    // As SentencePiece: an unknown character scores less than any token.
    private const double UnknownPenalty = 10;

    [ThreadStatic]
    private static Place[]? _places;

    private readonly UnitTrie _trie = new();
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknown;
    private readonly int[]? _bytes;

    /// <summary>Tokens in the order of their ids; a negative <paramref name="unknown"/> stands for none.</summary>
    public UnigramModel(IReadOnlyList<(string Token, double Score)> tokens, int unknown, bool byteFallback)
    {
        var ids = new Dictionary<string, int>(tokens.Count);
        _scores = new double[tokens.Count];
        _unknownScore = double.PositiveInfinity;
        for (var id = 0; id < tokens.Count; id++)
        {
            ids[tokens[id].Token] = id;
            _scores[id] = tokens[id].Score;
            _unknownScore = Math.Min(_unknownScore, tokens[id].Score);
            if (tokens[id].Token.Length > 0)
            {
                _trie.Add(tokens[id].Token, id);
            }
        }

        _unknownScore -= UnknownPenalty;
        _unknown = unknown;
        Vocabulary = new Vocabulary(ids, tokens.Count);
        _bytes = byteFallback ? Vocabulary.FindBytes() : null;
    }

    public Vocabulary Vocabulary { get; }

    public int ShownAsText => _unknown;

    public void Tokenize(ReadOnlySpan<char> piece, TokenList output)
    {
        var places = _places is { } kept && kept.Length > piece.Length ? kept : new Place[Math.Max(256, piece.Length + 1)];

        // One long text must not keep its memory for good.
        _places = places.Length <= 1 << 16 ? places : null;
        FindBest(piece, places);

        // Backwards from the end: turn the links round, then walk them forwards.
        var next = -1;
        for (var at = piece.Length; at >= 0;)
        {
            var from = places[at].From;
            places[at].From = next;
            (next, at) = (at, at == 0 ? -1 : from);
        }

        for (var start = 0; start < piece.Length;)
        {
            var end = places[start].From;
            if (places[end].Id != _unknown)
            {
                output.Add(places[end].Id, start, end);
                start = end;
                continue;
            }

            while (end < piece.Length && places[places[end].From].Id == _unknown)
            {
                end = places[end].From;
            }

            AddUnknown(piece, start, end, output);
            start = end;
        }
    }

    private void FindBest(ReadOnlySpan<char> piece, Place[] places)
    {
        places.AsSpan(0, piece.Length + 1).Fill(new Place(-1, 0, 0));
        for (var start = 0; start < piece.Length;)
        {
            CodePoints.At(piece, start, out var length);
            var score = places[start].Score;
            var isCharacterKnown = false;
            var node = UnitTrie.Root;
            for (var end = start; end < piece.Length;)
            {
                node = _trie.Step(node, piece[end++]);
                if (node < 0)
                {
                    break;
                }

                if (_trie.ValueAt(node) is var id and >= 0)
                {
                    places[end].Offer(start, id, score + _scores[id]);
                    isCharacterKnown |= end - start == length;
                }
            }

            if (!isCharacterKnown)
            {
                if (_unknown < 0)
                {
                    throw new TokenizationException("The tokenizer has no token for a character of the text, and no token for unknown ones.");
                }

                places[start + length].Offer(start, _unknown, score + _unknownScore);
            }

            start += length;
        }
    }

    private void AddUnknown(ReadOnlySpan<char> piece, int start, int end, TokenList output)
    {
        var text = piece[start..end];
        if (Vocabulary.Find(text) is var id and >= 0)
        {
            output.Add(id, start, end);
            return;
        }

        var before = output.Count;
        if (_bytes is not null)
        {
            foreach (var b in Encoding.UTF8.GetBytes(text.ToArray()))
            {
                if (_bytes[b] < 0)
                {
                    output.Truncate(before);
                    break;
                }

                output.Add(_bytes[b], start, end);
            }
        }

        if (output.Count == before)
        {
            output.Add(_unknown, start, end);
        }
    }

    /// <summary>The best way to a place of the text: from where, by which token, with which score.</summary>
    private record struct Place(int From, int Id, double Score)
    {
        public void Offer(int from, int id, double score)
        {
            if (From < 0 || score > Score)
            {
                this = new Place(from, id, score);
            }
        }
    }
}
