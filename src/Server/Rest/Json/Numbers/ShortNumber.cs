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
    /// <summary>The most characters: 15 digits are less than 2^53, and the sixteenth byte of a vector shows that they end.</summary>
    public const int MostCharacters = 15;

    /// <summary>How many bytes must be readable from a number's start.</summary>
    public const int Reach = 16;

    /// <summary>How many bytes are searched for the ends of numbers at a time.</summary>
    public const int Block = 64;

    public static bool IsSupported => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    public long Digits => digits;

    public int Decimals => decimals;

    /// <summary>The sign where floating point numbers have it.</summary>
    public ulong SignBit => (ulong)minus << 63;

    public bool IsNegative => minus != 0;

    /// <summary>
    /// A bit for each of <see cref="Block"/> bytes that cannot belong to a short number. Looking at many at a time keeps what the
    /// processor must wait for, where the next number begins, apart from the work on each number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong FindEnds(ref readonly byte text) =>
        ~(FindCharacters(Vector256.LoadUnsafe(in text)) | ((ulong)FindCharacters(Vector256.LoadUnsafe(in text, 32)) << 32));

    /// <summary>Reads the number of <paramref name="length"/> characters. False where it is none, or another way must be tried.</summary>
    /// <param name="text">The first of <see cref="Reach"/> bytes.</param>
    /// <param name="length">From 1 to <see cref="MostCharacters"/>.</param>
    /// <param name="number">What was read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ref readonly byte text, int length, out ShortNumber number)
    {
        // 1. A bit for each digit and each point.
        number = default;
        var bytes = Vector128.LoadUnsafe(in text);
        var values = bytes - Vector128.Create((byte)'0');
        var isDigit = Vector128.Equals(Vector128.Min(values, Vector128.Create((byte)9)), values);
        var digits = isDigit.ExtractMostSignificantBits();
        var points = Vector128.Equals(bytes, Vector128.Create((byte)'.')).ExtractMostSignificantBits() & ((1u << length) - 1);
        var minus = text == '-' ? 1u : 0;

        // 2. What JSON forbids: other characters, no digit at the start, a second point, none behind the point, a zero before digits.
        var others = ((1u << length) - 1) & ~(digits | points | minus);
        var missing = ((minus + 1) | (points << 1)) & ~digits;
        var zeros = Vector128.Equals(values, Vector128<byte>.Zero).ExtractMostSignificantBits() & (minus + 1);
        if ((others | missing | (points & (points - 1)) | ((zeros << 1) & digits & ((1u << length) - 1))) != 0)
        {
            return false;
        }

        // 3. Digits to the right end, the point closed up, everything else zero.
        var point = BitOperations.TrailingZeroCount(points | (1u << length));
        var pointLength = point == length ? 0 : 1;
        var from = Vector128<byte>.Indices + Vector128.Create((byte)(length - pointLength - Reach));
        var behindPoint = Vector128.GreaterThan(from.AsSByte(), Vector128.Create((sbyte)(point - 1))).AsByte();
        var aligned = Vector128.ShuffleNative(values & isDigit, from - behindPoint);
        number = new ShortNumber(ToNumber(aligned), length - point - pointLength, minus);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FindCharacters(Vector256<byte> bytes)
    {
        // Minus, point, slash and the digits follow one another; the slash is found when the number is read.
        var values = bytes - Vector256.Create((byte)'-');
        return Vector256.Equals(Vector256.Min(values, Vector256.Create((byte)('9' - '-'))), values).ExtractMostSignificantBits();
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
