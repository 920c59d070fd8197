using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>Writes floating point numbers as .NET does: digits with a point while that is short, else with an exponent.</summary>
internal static class NumberText
{
    /// <summary>
    /// Room that a number needs. The longest text is shorter, but whole vectors are stored and what is too much is overwritten
    /// by what follows.
    /// </summary>
    public const int Room = 40;

    /// <summary>Smaller numbers have an exponent: 0.0001 is the least without.</summary>
    private const int LeastPoint = -3;

    private const int DoubleDigits = 17;
    private const int FloatDigits = 9;
    private const int HalfDigits = 5;

    /// <summary>The characters 0.000000, as a number with the first in the lowest byte.</summary>
    private const ulong ZeroPointZeros = 0x3030_3030_3030_2E30;

    private const ulong SixteenDigits = 10_000_000_000_000_000;

    private static readonly ulong[] Tens = [.. Enumerable.Range(0, 20).Select(n => (ulong)BigInteger.Pow(10, n))];

    /// <summary>Writes a finite number; <paramref name="target"/> has <see cref="Room"/>.</summary>
    public static int Write(double value, Span<byte> target)
    {
        ref var start = ref StartOf(target);
        start = (byte)'-';
        var sign = double.IsNegative(value) ? 1 : 0;
        start = ref Unsafe.Add(ref start, sign);
        return sign + (value == 0 ? WriteZero(ref start) : Write(ShortestDecimal.Of(Math.Abs(value)), DoubleDigits, ref start));
    }

    /// <summary>Writes a finite number; <paramref name="target"/> has <see cref="Room"/>.</summary>
    public static int Write(float value, Span<byte> target)
    {
        ref var start = ref StartOf(target);
        start = (byte)'-';
        var sign = float.IsNegative(value) ? 1 : 0;
        start = ref Unsafe.Add(ref start, sign);
        return sign + (value == 0 ? WriteZero(ref start) : Write(ShortestDecimal.Of(Math.Abs(value)), FloatDigits, ref start));
    }

    /// <summary>Writes a finite number; <paramref name="target"/> has <see cref="Room"/>.</summary>
    public static int Write(Half value, Span<byte> target)
    {
        ref var start = ref StartOf(target);
        start = (byte)'-';
        var sign = Half.IsNegative(value) ? 1 : 0;
        start = ref Unsafe.Add(ref start, sign);
        return sign + (value == Half.Zero ? WriteZero(ref start) : Write(ShortestDecimal.Of(Half.Abs(value)), HalfDigits, ref start));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte StartOf(Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, Room);
        return ref MemoryMarshal.GetReference(target);
    }

    private static int WriteZero(ref byte target)
    {
        target = (byte)'0';
        return 1;
    }

    /// <param name="number">Not zero.</param>
    /// <param name="longestWhole">With more digits before the point there is an exponent.</param>
    /// <param name="target">Has room for the longest text and the end of a vector behind it.</param>
    private static int Write(ShortestDecimal number, int longestWhole, ref byte target)
    {
        // 1. Digits from the first on, zeros behind them: nine, or 17 where there are more. Zeros at the end are counted, not divided away.
        var length = CountDigits(number.Digits);
        var point = length + number.Exponent;
        ulong lead, high, low;
        int count;
        if (length <= FloatDigits)
        {
            var digits = (uint)(number.Digits * Tens[FloatDigits - length]);
            (lead, high, low) = (digits / DigitWord.Limit, DigitWord.Values(digits % DigitWord.Limit), 0);
            count = FloatDigits - (int)((uint)BitOperations.LeadingZeroCount(high) / 8);
        }
        else
        {
            (lead, var rest) = Math.DivRem(number.Digits * Tens[DoubleDigits - length], SixteenDigits);
            (high, low) = (DigitWord.Values((uint)(rest / DigitWord.Limit)), DigitWord.Values((uint)(rest % DigitWord.Limit)));
            count = low == 0 ? FloatDigits - (BitOperations.LeadingZeroCount(high) / 8) : DoubleDigits - (BitOperations.LeadingZeroCount(low) / 8);
        }

        // 2. They go where the point leaves them.
        var isScientific = point > longestWhole || point < LeastPoint;
        ref var first = ref Unsafe.Add(ref target, isScientific ? 1 : point > 0 ? 0 : 2 - point);
        Unsafe.WriteUnaligned(ref target, ZeroPointZeros);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, 1), DigitWord.Text(high));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, 1 + DigitWord.Digits), DigitWord.Text(low));
        first = (byte)(lead + '0');
        return isScientific ? EndScientific(ref target, count, point - 1)
            : point <= 0 ? 2 - point + count
            : count <= point ? point
            : InsertPoint(ref target, count, point);
    }

    /// <summary>Moves all digits behind the point one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int InsertPoint(ref byte target, int count, int point)
    {
        ref var behind = ref Unsafe.Add(ref target, point);
        Vector128.LoadUnsafe(ref behind).StoreUnsafe(ref behind, 1);
        behind = (byte)'.';
        return count + 1;
    }

    /// <summary>The digits stand from the second byte on.</summary>
    private static int EndScientific(ref byte target, int count, int exponent)
    {
        target = Unsafe.Add(ref target, 1);
        Unsafe.Add(ref target, 1) = (byte)'.';
        var at = count == 1 ? 1 : count + 1;
        Unsafe.Add(ref target, at++) = (byte)'E';
        Unsafe.Add(ref target, at++) = (byte)(exponent < 0 ? '-' : '+');
        var size = Math.Abs(exponent);
        if (size >= 100)
        {
            Unsafe.Add(ref target, at++) = (byte)('0' + (size / 100));
        }

        Unsafe.Add(ref target, at++) = (byte)('0' + (size / 10 % 10));
        Unsafe.Add(ref target, at++) = (byte)('0' + (size % 10));
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountDigits(ulong number)
    {
        // The logarithm of 2, with 12 bits behind the point.
        var atMost = (64 - BitOperations.LeadingZeroCount(number)) * 1233 >> 12;
        return atMost + (number >= Tens[atMost] ? 1 : 0);
    }
}
