using System.Numerics;

namespace Serving.Runtime.Audio.Flac;

/// <summary>Reads bits, the highest of each byte first.</summary>
internal ref struct FlacBits(ReadOnlySpan<byte> bytes, int start)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The next bits, the highest first; those below <see cref="_count"/> are zero.</summary>
    private ulong _bits;
    private int _count;
    private int _next = start;

    /// <summary>The byte that the next bit is of; what was begun counts as read.</summary>
    public readonly int Position => _next - (_count / 8);

    /// <summary>An unsigned number.</summary>
    /// <param name="width">Its bits, at most 32.</param>
    /// <exception cref="InvalidDataException">There are not so many left.</exception>
    public uint Read(int width)
    {
        if (width == 0)
        {
            return 0;
        }

        Fill();
        if (_count < width)
        {
            throw Ended();
        }

        var value = (uint)(_bits >> (64 - width));
        _bits <<= width;
        _count -= width;
        return value;
    }

    /// <summary>A number in two's complement.</summary>
    public int ReadSigned(int width) => width == 0 ? 0 : (int)(Read(width) << (32 - width)) >> (32 - width);

    /// <summary>How many zeros come before the next one, which is read too.</summary>
    public int ReadZeros()
    {
        var zeros = 0;
        while (true)
        {
            Fill();
            if (_count == 0)
            {
                throw Ended();
            }

            var leading = BitOperations.LeadingZeroCount(_bits);
            if (leading < _count)
            {
                _bits <<= leading;
                _bits <<= 1;
                _count -= leading + 1;
                return zeros + leading;
            }

            zeros += _count;
            _bits = 0;
            _count = 0;
        }
    }

    /// <summary>Goes on at the next whole byte.</summary>
    public void Align()
    {
        var rest = _count & 7;
        _bits <<= rest;
        _count -= rest;
    }

    private void Fill()
    {
        while (_count <= 56 && _next < _bytes.Length)
        {
            _bits |= (ulong)_bytes[_next++] << (56 - _count);
            _count += 8;
        }
    }

    private static InvalidDataException Ended() => new("it ends within a frame");
}
