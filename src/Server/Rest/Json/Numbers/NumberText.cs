using System.Buffers.Binary;
using System.Numerics;
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

    private const ulong SixteenDigits = 10_000_000_000_000_000;

    private static readonly ulong[] Tens = [.. Enumerable.Range(0, 20).Select(n => (ulong)BigInteger.Pow(10, n))];

    /// <summary>Writes a finite number; <paramref name="target"/> has <see cref="Room"/>.</summary>
    public static int Write(double value, Span<byte> target)
    {
        var sign = WriteSign(double.IsNegative(value), target);
        return sign + (value == 0 ? WriteZero(target[sign..]) : Write(ShortestDecimal.Of(Math.Abs(value)), DoubleDigits, target[sign..]));
    }

    /// <summary>Writes a finite number; <paramref name="target"/> has <see cref="Room"/>.</summary>
    public static int Write(float value, Span<byte> target)
    {
        var sign = WriteSign(float.IsNegative(value), target);
        return sign + (value == 0 ? WriteZero(target[sign..]) : Write(ShortestDecimal.Of(Math.Abs(value)), FloatDigits, target[sign..]));
    }

    /// <summary>Writes a finite number; <paramref name="target"/> has <see cref="Room"/>.</summary>
    public static int Write(Half value, Span<byte> target)
    {
        var sign = WriteSign(Half.IsNegative(value), target);
        return sign + (value == Half.Zero ? WriteZero(target[sign..]) : Write(ShortestDecimal.Of(Half.Abs(value)), HalfDigits, target[sign..]));
    }

    private static int WriteSign(bool isNegative, Span<byte> target)
    {
        target[0] = (byte)'-';
        return isNegative ? 1 : 0;
    }

    private static int WriteZero(Span<byte> target)
    {
        target[0] = (byte)'0';
        return 1;
    }

    /// <param name="number">Not zero.</param>
    /// <param name="longestWhole">With more digits before the point there is an exponent.</param>
    /// <param name="target">Has room for the longest text and the end of a vector behind it.</param>
    private static int Write(in ShortestDecimal number, int longestWhole, Span<byte> target)
    {
        var length = CountDigits(number.Digits);
        var point = length + number.Exponent;
        var digits = Digits.Of(number.Digits, length);
        return point > longestWhole || point < LeastPoint ? WriteScientific(digits, point - 1, target)
            : point > 0 ? WriteWithPoint(digits, point, target)
            : WriteFraction(digits, point, target);
    }

    private static int WriteWithPoint(in Digits digits, int point, Span<byte> target)
    {
        digits.CopyTo(target);
        if (digits.Count <= point)
        {
            return point;
        }

        // All behind the point moves one on.
        var behind = Vector128.Create<byte>(target.Slice(point, Vector128<byte>.Count));
        behind.CopyTo(target[(point + 1)..]);
        target[point] = (byte)'.';
        return digits.Count + 1;
    }

    private static int WriteFraction(in Digits digits, int point, Span<byte> target)
    {
        "0.000000"u8.CopyTo(target);
        digits.CopyTo(target[(2 - point)..]);
        return 2 - point + digits.Count;
    }

    private static int WriteScientific(in Digits digits, int exponent, Span<byte> target)
    {
        digits.CopyTo(target[1..]);
        target[0] = target[1];
        target[1] = (byte)'.';
        var at = digits.Count == 1 ? 1 : digits.Count + 1;
        target[at++] = (byte)'E';
        target[at++] = (byte)(exponent < 0 ? '-' : '+');
        var size = Math.Abs(exponent);
        if (size >= 100)
        {
            target[at++] = (byte)('0' + (size / 100));
        }

        target[at++] = (byte)('0' + (size / 10 % 10));
        target[at++] = (byte)('0' + (size % 10));
        return at;
    }

    private static int CountDigits(ulong number)
    {
        // The logarithm of 2, with 12 bits behind the point.
        var atMost = (64 - BitOperations.LeadingZeroCount(number)) * 1233 >> 12;
        return number < Tens[atMost] ? atMost : atMost + 1;
    }

    /// <summary>17 characters, of which the first <see cref="Count"/> are digits of the number and the rest zeros.</summary>
    private readonly struct Digits
    {
        private readonly byte _lead;
        private readonly ulong _high;
        private readonly ulong _low;

        private Digits(ulong lead, ulong high, ulong low)
        {
            _lead = (byte)(lead + '0');
            _high = DigitWord.Text(high);
            _low = DigitWord.Text(low);

            // Zeros at the end are counted, not divided away.
            Count = low == 0 ? 9 - (BitOperations.LeadingZeroCount(high) / 8) : 17 - (BitOperations.LeadingZeroCount(low) / 8);
        }

        public int Count { get; }

        /// <summary>The digits of a number that has <paramref name="length"/> of them, from the first on.</summary>
        public static Digits Of(ulong number, int length)
        {
            if (length <= FloatDigits)
            {
                var few = (uint)(number * Tens[FloatDigits - length]);
                return new Digits(few / DigitWord.Limit, DigitWord.Values(few % DigitWord.Limit), 0);
            }

            var (lead, rest) = Math.DivRem(number * Tens[DoubleDigits - length], SixteenDigits);
            return new Digits(lead, DigitWord.Values((uint)(rest / DigitWord.Limit)), DigitWord.Values((uint)(rest % DigitWord.Limit)));
        }

        public void CopyTo(Span<byte> target)
        {
            target[0] = _lead;
            BinaryPrimitives.WriteUInt64LittleEndian(target[1..], _high);
            BinaryPrimitives.WriteUInt64LittleEndian(target[9..], _low);
        }
    }
}
