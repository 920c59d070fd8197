using System.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>Which units of a piece the bytes of what was made of it stand for: always whole characters.</summary>
internal readonly ref struct ByteRanges
{
    // For each byte where its character begins; null where bytes and units are the same.
    private readonly int[]? _starts;
    private readonly ReadOnlySpan<char> _piece;

    /// <summary>The bytes of the piece itself.</summary>
    public ByteRanges(ReadOnlySpan<char> piece)
    {
        _piece = piece;
        if (!Ascii.IsValid(piece))
        {
            _starts = Starts(piece);
        }
    }

    /// <summary>The bytes of the characters in GPT-2's alphabet that each byte of the piece became.</summary>
    public ByteRanges(ReadOnlySpan<char> piece, ReadOnlySpan<char> characters)
    {
        _piece = piece;
        if (piece.Length == characters.Length && Ascii.IsValid(characters))
        {
            return;
        }

        var starts = new List<int>(2 * characters.Length);
        var next = 0;
        for (var at = 0; at < piece.Length;)
        {
            var c = CodePoints.At(piece, at, out var length);
            for (var i = CodePoints.Utf8Length(c); i > 0; i--)
            {
                starts.AddRange(Enumerable.Repeat(at, CodePoints.Utf8Length(characters[next++])));
            }

            at += length;
        }

        _starts = [.. starts];
    }

    /// <summary>The piece's length, in units.</summary>
    public int Length => _piece.Length;

    /// <summary>The units that a range of bytes stands for.</summary>
    public (int Start, int End) Of(int start, int end)
    {
        if (_starts is null)
        {
            return (start, end);
        }

        if (start >= _starts.Length || end > _starts.Length || start == end)
        {
            return (Math.Min(start, Length), Math.Min(end, Length));
        }

        var last = _starts[end - 1];
        CodePoints.At(_piece, last, out var length);
        return (_starts[start], last + length);
    }

    private static int[] Starts(ReadOnlySpan<char> piece)
    {
        var starts = new List<int>(3 * piece.Length);
        for (var at = 0; at < piece.Length;)
        {
            var c = CodePoints.At(piece, at, out var length);
            for (var i = CodePoints.Utf8Length(c); i > 0; i--)
            {
                starts.Add(at);
            }

            at += length;
        }

        return [.. starts];
    }
}
