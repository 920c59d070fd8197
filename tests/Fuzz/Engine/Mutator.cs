namespace Serving.Fuzz.Engine;

/// <summary>Damages inputs as transmission, disks and attackers do; the same way for the same chance.</summary>
/// <param name="tokens">The format's own words.</param>
/// <param name="isText">Whether most damage is to leave texts behind.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> tokens, bool isText)
{
    /// <summary>No input grows beyond this. Arbitrary; longer ones find the same and take longer.</summary>
    public const int Longest = 16 * 1024;

    private const int LongestPiece = 64;

    private readonly byte[] _bytes = new byte[Longest];
    private readonly byte[] _piece = new byte[LongestPiece];
    private int _length;

    /// <summary>How many kinds of damage there are.</summary>
    public static int Kinds => 12;

    /// <summary>A damaged copy.</summary>
    /// <param name="input">What to damage.</param>
    /// <param name="others">Other inputs, of which pieces are taken.</param>
    /// <param name="random">Decides what is done.</param>
    public byte[] Mutate(ReadOnlySpan<byte> input, IReadOnlyList<byte[]> others, Random random)
    {
        _length = Math.Min(input.Length, Longest);
        input[.._length].CopyTo(_bytes);
        var times = random.Next(8) == 0 ? random.Next(2, 17) : 1 + (random.Next(4) / 2);
        for (var i = 0; i < times; i++)
        {
            Damage(random.Next(Kinds), others, random);
        }

        return _bytes.AsSpan(0, _length).ToArray();
    }

    private void Damage(int kind, IReadOnlyList<byte[]> others, Random random)
    {
        var at = random.Next(_length + 1);
        var left = _length - at;
        var some = Math.Min(left, random.Next(1, random.Next(4) == 0 ? LongestPiece : 8));
        switch (kind)
        {
            case 0 when left > 0:
                _bytes[at] ^= (byte)(1 << random.Next(isText ? 4 : 8));
                break;
            case 1 when left > 0:
                _bytes[at] = AnyByte(random);
                break;
            case 2:
                foreach (ref var value in _piece.AsSpan(0, some))
                {
                    value = AnyByte(random);
                }

                Replace(at, 0, _piece.AsSpan(0, some));
                break;
            case 3:
                Replace(at, random.Next(16) == 0 ? left : some, []);
                break;
            case 4:
                Replace(random.Next(_length + 1), 0, Copy(_bytes.AsSpan(at, some)));
                break;
            case 5 when others.Count > 0:
                Replace(at, random.Next(2) == 0 ? 0 : some, PieceOf(others[random.Next(others.Count)], random));
                break;
            case 6 when others.Count > 0 && random.Next(4) == 0:
                var other = others[random.Next(others.Count)];
                Replace(at, left, other.AsSpan(random.Next(other.Length + 1)));
                break;
            case 7:
                Replace(at, random.Next(2) == 0 ? 0 : some, _piece.AsSpan(0, isText ? Numbers.WriteText(_piece, random) : Numbers.Write(_piece, random)));
                break;
            case 8 when left > 0:
                Numbers.Nudge(_bytes.AsSpan(at, left), random);
                break;
            case 9 or 10 when tokens.Count > 0:
                Replace(at, kind == 9 ? 0 : some, tokens[random.Next(tokens.Count)]);
                break;
            case 11:
                var run = Copy(_bytes.AsSpan(at, some));
                for (var i = random.Next(1, random.Next(16) == 0 ? 200 : 8); i > 0; i--)
                {
                    Replace(at, 0, run);
                }

                break;
        }
    }

    private byte AnyByte(Random random) => (byte)(isText && random.Next(16) != 0 ? random.Next(' ', 127) : random.Next(256));

    private static ReadOnlySpan<byte> PieceOf(byte[] other, Random random)
    {
        var at = random.Next(other.Length + 1);
        return other.AsSpan(at, Math.Min(other.Length - at, random.Next(1, LongestPiece)));
    }

    private Span<byte> Copy(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_piece);
        return _piece.AsSpan(0, piece.Length);
    }

    /// <summary>Puts other bytes in the place of some; where they do not fit, nothing happens.</summary>
    private void Replace(int at, int count, ReadOnlySpan<byte> with)
    {
        if (_length - count + with.Length > Longest)
        {
            return;
        }

        _bytes.AsSpan((at + count)..(_length)).CopyTo(_bytes.AsSpan(at + with.Length));
        with.CopyTo(_bytes.AsSpan(at));
        _length += with.Length - count;
    }
}
