using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Serving.Fuzz.Engine;

/// <summary>Numbers at which readers go wrong, as texts and in the layouts of binary formats.</summary>
internal static class Numbers
{
    private static readonly long[] Interesting =
    [
        0, 1, 2, 4, 5, 7, 8, 9, 16, 63, 64, 100, 127, 128, 255, 256, 1023, 1024, 4095, 4096, 4097, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24,
        int.MaxValue - 1, int.MaxValue, int.MaxValue + 1L, uint.MaxValue - 1L, uint.MaxValue, uint.MaxValue + 1L, 1L << 53, long.MaxValue - 7,
        long.MaxValue, -1, -2, -128, -129, int.MinValue, int.MinValue - 1L, long.MinValue,
    ];

    private static readonly string[] Texts =
    [
        "1e999", "-1e999", "1e-999", "1e400", "3.0", "3.5", "-0", "-0.0", "1E+2", "1e-1", "0.1e1", "18446744073709551615", "18446744073709551616",
        "99999999999999999999999999999", "0.00000000000000000000000000001", "4.9e-324", "3.4028236e38", "65504", "65520", "16777217", "1e1000000000",
        "9007199254740993", "-9223372036854775809", "0x1F", "017", "1_000", ".5", "5.", "+1", "01",
    ];

    /// <summary>Writes one and answers how many bytes it takes.</summary>
    public static int Write(Span<byte> target, Random random)
    {
        var number = Interesting[random.Next(Interesting.Length)];
        switch (random.Next(7))
        {
            case 0:
                BinaryPrimitives.WriteInt16LittleEndian(target, (short)number);
                return sizeof(short);
            case 1:
                BinaryPrimitives.WriteInt32LittleEndian(target, (int)number);
                return sizeof(int);
            case 2:
                BinaryPrimitives.WriteInt32BigEndian(target, (int)number);
                return sizeof(int);
            case 3:
                BinaryPrimitives.WriteInt64LittleEndian(target, number);
                return sizeof(long);
            case 4 or 5:
                return WriteVarint(target, (ulong)number);
            default:
                return WriteText(target, random);
        }
    }

    /// <summary>Writes one as digits, and answers how many.</summary>
    public static int WriteText(Span<byte> target, Random random)
    {
        if (random.Next(2) == 0)
        {
            return Encoding.ASCII.GetBytes(Texts[random.Next(Texts.Length)], target);
        }

        Interesting[random.Next(Interesting.Length)].TryFormat(target, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>Changes a number that lies here by a little, as lengths are wrong by a little: one byte, or 16 or 32 bits.</summary>
    public static void Nudge(Span<byte> at, Random random)
    {
        var by = random.Next(-8, 9);
        switch (random.Next(5))
        {
            case 0 when at.Length >= sizeof(short):
                BinaryPrimitives.WriteInt16LittleEndian(at, (short)(BinaryPrimitives.ReadInt16LittleEndian(at) + by));
                break;
            case 1 when at.Length >= sizeof(int):
                BinaryPrimitives.WriteInt32LittleEndian(at, BinaryPrimitives.ReadInt32LittleEndian(at) + by);
                break;
            case 2 when at.Length >= sizeof(int):
                BinaryPrimitives.WriteInt32BigEndian(at, BinaryPrimitives.ReadInt32BigEndian(at) + by);
                break;
            default:
                at[0] += (byte)by;
                break;
        }
    }

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[length++] = (byte)(value | 0x80);
        }

        target[length++] = (byte)value;
        return length;
    }
}
