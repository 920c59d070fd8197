using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>
/// A number of at most 15 characters without an exponent, which most are, read within one vector and without a branch that
/// depends on where its point stands or how many digits it has: numbers of an array differ in that, and every wrong guess of the
/// processor would cost more than all the rest.
/// </summary>
/// <param name="digits">All digits as a whole number.</param>
/// <param name="decimals">How many of them stand behind the point.</param>
/// <param name="minus">1 where there is a minus, else 0.</param>
internal readonly struct ShortNumber(long digits, int decimals, uint minus)
{
    /// <summary>How many bytes must be readable.</summary>
    public const int Reach = 16;

    public static bool IsSupported => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    public long Digits => digits;

    public int Decimals => decimals;

    /// <summary>The sign where floating point numbers have it.</summary>
    public ulong SignBit => (ulong)minus << 63;

    public bool IsNegative => minus != 0;

    private static Vector128<byte> Positions => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    /// <summary>
    /// Reads the number that begins at <paramref name="text"/>. False where there is none, or another way must be tried. What follows
    /// it is not looked at: where that is an exponent, another way must be tried too.
    /// </summary>
    /// <param name="text">The first of <see cref="Reach"/> bytes.</param>
    /// <param name="number">What was read.</param>
    /// <param name="length">How many bytes that were.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ref readonly byte text, out ShortNumber number, out int length)
    {
        // 1. A bit for each digit and each point; the number ends where neither stands.
        var bytes = Vector128.LoadUnsafe(in text);
        var values = bytes - Vector128.Create((byte)'0');
        var isDigit = Vector128.Equals(Vector128.Min(values, Vector128.Create((byte)9)), values);
        var digitBits = isDigit.ExtractMostSignificantBits();
        var pointBits = Vector128.Equals(bytes, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        var minus = text == '-' ? 1u : 0;
        length = BitOperations.TrailingZeroCount(~(digitBits | pointBits | minus));

        // 2. What JSON forbids: no digit at the start, a second point, none behind the point, a zero before other digits.
        var first = minus + 1;
        var zeroBits = Vector128.Equals(values, Vector128<byte>.Zero).ExtractMostSignificantBits();
        pointBits &= (1u << length) - 1;
        var wrong = ((first | (pointBits << 1)) & ~digitBits) | (pointBits & (pointBits - 1)) | (((first & zeroBits) << 1) & digitBits);

        // 3. Digits to the right end, the point closed up, everything else zero.
        var point = BitOperations.TrailingZeroCount(pointBits | (1u << length));
        var hasPoint = point == length ? 0 : 1;
        var from = Positions + Vector128.Create((byte)(length - hasPoint - Reach));
        var behindPoint = Vector128.GreaterThan(from.AsSByte(), Vector128.Create((sbyte)(point - 1))).AsByte();
        var aligned = Vector128.ShuffleNative(values & isDigit, from - behindPoint);
        number = new ShortNumber(ToNumber(aligned), length - point - hasPoint, minus);

        // A vector full of digits may go on.
        return wrong == 0 && length < Reach;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ToNumber(Vector128<byte> values)
    {
        if (!Sse41.IsSupported)
        {
            var words = values.AsUInt64();
            return ((long)DigitWord.ReadValues(words[0]) * DigitWord.Limit) + DigitWord.ReadValues(words[1]);
        }

        var twos = Ssse3.MultiplyAddAdjacent(values, Vector128.Create((ushort)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(twos, Vector128.Create(0x0001_0064).AsInt16());
        var eights = Sse2.MultiplyAddAdjacent(
            Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(0x0001_2710).AsInt16()).AsUInt64()[0];
        return ((long)(uint)eights * DigitWord.Limit) + (long)(eights >> 32);
    }
}
