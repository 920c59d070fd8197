using System.Buffers.Binary;

namespace Serving.Runtime.Audio.Flac;

/// <summary>What the beginning of a FLAC file says of all frames (RFC 9639, section 8.2).</summary>
/// <param name="Rate">Samples of a channel each second.</param>
/// <param name="Channels">1 to 8.</param>
/// <param name="Bits">Of a sample.</param>
internal sealed record FlacStream(int Rate, int Channels, int Bits)
{
    private const int Length = 34;

    /// <exception cref="InvalidDataException">It cannot be.</exception>
    public static FlacStream Read(ReadOnlySpan<byte> block)
    {
        if (block.Length < Length)
        {
            throw new InvalidDataException($"its description has {block.Length} bytes, expected {Length}");
        }

        var packed = BinaryPrimitives.ReadUInt64BigEndian(block[10..]);
        var bits = (int)((packed >> 36) & 31) + 1;
        return new FlacStream(SoundLimits.CheckRate((uint)(packed >> 44)), (int)((packed >> 41) & 7) + 1, bits is >= 4 and <= 24 ? bits : throw WrongBits(bits));
    }

    public static InvalidDataException WrongBits(int bits) => new($"a sample has {bits} bits, understood are 4 to 24");
}
