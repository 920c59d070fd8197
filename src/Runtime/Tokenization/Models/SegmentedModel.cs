using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>
/// Cuts a piece where no merge can ever reach across: between two characters of which no merge has one at the end of its
/// left side and the other at the start of its right side. The parts are merged by themselves and remembered, which gives
/// the same tokens. Models without a pre-tokenizer, whose pieces are whole texts, are fast only so.
/// </summary>
internal sealed class SegmentedModel : IModel
{
    private readonly IModel _model;
    private readonly HashSet<long> _joins = [];

    /// <summary>Takes merges as pairs of tokens.</summary>
    public SegmentedModel(IModel model, IEnumerable<(string Left, string Right)> merges)
    {
        _model = model;
        foreach (var (left, right) in merges)
        {
            _joins.Add(Key(CodePoints.Before(left, left.Length, out _), CodePoints.At(right, 0, out _)));
        }
    }

    public Vocabulary Vocabulary => _model.Vocabulary;

    public int ShownAsText => _model.ShownAsText;

    public void Tokenize(ReadOnlySpan<char> piece, TokenList output)
    {
        var start = 0;
        var previous = CodePoints.At(piece, 0, out var length);
        for (var at = length; at < piece.Length; at += length)
        {
            var c = CodePoints.At(piece, at, out length);

            // Unknown characters may become one token, so only what is known stands by itself.
            if (!_joins.Contains(Key(previous, c)))
            {
                if (Vocabulary.Find(piece.Slice(at, length)) >= 0 && IsKnownBefore(piece, at))
                {
                    Add(piece, start, at, output);
                    start = at;
                }
            }

            previous = c;
        }

        Add(piece, start, piece.Length, output);
    }

    private bool IsKnownBefore(ReadOnlySpan<char> piece, int at)
    {
        CodePoints.Before(piece, at, out var length);
        return Vocabulary.Find(piece.Slice(at - length, length)) >= 0;
    }

    private void Add(ReadOnlySpan<char> piece, int start, int end, TokenList output)
    {
        var from = output.Count;
        _model.Tokenize(piece[start..end], output);
        foreach (ref var token in output.Span[from..])
        {
            token = new Token(token.Id, token.Start + start, token.End + start);
        }
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
