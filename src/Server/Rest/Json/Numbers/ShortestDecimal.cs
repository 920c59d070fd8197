using System.Numerics;
using System.Runtime.CompilerServices;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>
/// The shortest decimal number that only one binary number is nearest to, and among those the one that is closest to it:
/// <see cref="Digits"/> * 10^<see cref="Exponent"/>, zeros at the end not removed. Found as in Raffaello Giulietti's "The
/// Schubfach way to render doubles": the numbers that round to the binary one are scaled by a power of ten until at least two but
/// at most twenty whole numbers lie between; one of four candidates is the answer.
/// </summary>
/// <param name="digits">The digits as a whole number.</param>
/// <param name="exponent">The power of ten that they are multiplied with.</param>
internal readonly struct ShortestDecimal(ulong digits, int exponent)
{
    public ulong Digits => digits;

    public int Exponent => exponent;

    /// <summary>With these 26 bits still have their exact product in 64: enough for all floats from 1e-9 on that are not whole.</summary>
    private static readonly ulong[] PowersOfFive = [.. Enumerable.Range(0, 17).Select(n => (ulong)BigInteger.Pow(5, n))];

    /// <summary>Of a positive, finite double.</summary>
    public static ShortestDecimal Of(double value)
    {
        const int MantissaBits = 52;
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var (mantissa, biased) = (bits & ((1UL << MantissaBits) - 1), (int)(bits >> MantissaBits));
        if (value < 1L << 53 && double.ConvertToIntegerNative<long>(value) is var whole && whole == value)
        {
            return new ShortestDecimal((ulong)whole, 0);
        }

        var binary = Binary.Of(mantissa, biased, MantissaBits, 1023 + MantissaBits);
        var power = -binary.Scale;
        var shift = binary.Exponent + PowersOfTen.Exponent(power) + 128;
        var (high, low) = (PowersOfTen.High(power), PowersOfTen.Low(power) + 1);
        var digits = Choose(
            Multiply(high, low, binary.Below << shift),
            Multiply(high, low, binary.Fourfold << shift),
            Multiply(high, low, binary.Above << shift),
            binary.IsOdd,
            unitBits: 2);
        return new ShortestDecimal(digits, binary.Scale);
    }

    /// <summary>Of a positive, finite float.</summary>
    public static ShortestDecimal Of(float value)
    {
        const int MantissaBits = 23;
        var bits = BitConverter.SingleToUInt32Bits(value);
        return value < 1 << 24 && float.ConvertToIntegerNative<int>(value) is var whole && whole == value
            ? new ShortestDecimal((uint)whole, 0)
            : OfFewBits(Binary.Of(bits & ((1u << MantissaBits) - 1), (int)(bits >> MantissaBits), MantissaBits, 127 + MantissaBits));
    }

    /// <summary>Of a positive, finite half.</summary>
    public static ShortestDecimal Of(Half value)
    {
        const int MantissaBits = 10;
        var bits = BitConverter.HalfToUInt16Bits(value);
        return OfFewBits(Binary.Of(bits & ((1u << MantissaBits) - 1), bits >> MantissaBits, MantissaBits, 15 + MantissaBits));
    }

    /// <summary>Mantissas of at most 24 bits need only half of the power's bits.</summary>
    private static ShortestDecimal OfFewBits(Binary binary)
    {
        var power = -binary.Scale;
        if (binary.Exponent < 0 && power < PowersOfFive.Length)
        {
            // 10^n is 5^n * 2^n: what is left of the powers of two is the worth of a quarter.
            var five = PowersOfFive[power];
            var exact = Choose(binary.Below * five, binary.Fourfold * five, binary.Above * five, binary.IsOdd, 2 - binary.Exponent - power);
            return new ShortestDecimal(exact, binary.Scale);
        }

        var shift = binary.Exponent + PowersOfTen.Exponent(power) + 128;
        var factor = PowersOfTen.High(power) + 1;
        var digits = Choose(
            Multiply(factor, binary.Below << shift),
            Multiply(factor, binary.Fourfold << shift),
            Multiply(factor, binary.Above << shift),
            binary.IsOdd,
            unitBits: 2);
        return new ShortestDecimal(digits, binary.Scale);
    }

    /// <summary>The whole part of the product, odd where it is not the whole product: then it compares with even numbers as the product does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Multiply(ulong high, ulong low, ulong number)
    {
        var carried = Math.BigMul(low, number, out _);
        var whole = Math.BigMul(high, number, out var rest);
        rest += carried;
        whole += rest < carried ? 1UL : 0;
        return whole | (rest > 1 ? 1UL : 0);
    }

    /// <summary>The same for a number of at most 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Multiply(ulong factor, ulong number)
    {
        var product = ((factor >> 32) * number) + (((uint)factor * number) >> 32);
        return (product >> 32) | ((uint)product > 1 ? 1UL : 0);
    }

    /// <summary>Chooses between the two nearest whole numbers of units, and of ten units.</summary>
    /// <param name="below">The least that rounds to the binary number.</param>
    /// <param name="value">The binary number itself.</param>
    /// <param name="above">The most that rounds to it.</param>
    /// <param name="isOdd">Whether the two ends round to a neighbour instead.</param>
    /// <param name="unitBits">What a unit is, as a power of two.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Choose(ulong below, ulong value, ulong above, bool isOdd, int unitBits)
    {
        // No branches: they would follow the digits, which nobody can guess.
        var open = isOdd ? 1UL : 0;
        var (least, most) = (below + open, above - open);
        var units = value >> unitBits;
        var tens = units / 10 * 10;
        var tensFit = least <= tens << unitBits;
        var useTens = (units >= 10) & (tensFit != ((tens + 10) << unitBits <= most));
        var nextFits = (units + 1) << unitBits <= most;
        var isNearerNext = value - (units << unitBits) + (units & 1) > 1UL << (unitBits - 1);
        var useNext = (least <= units << unitBits) == nextFits ? isNearerNext : nextFits;
        var inTens = tens + (tensFit ? 0UL : 10);
        var inUnits = units + (useNext ? 1UL : 0);
        return inUnits ^ ((inUnits ^ inTens) & (0 - (useTens ? 1UL : 0)));
    }

    /// <summary>A binary number and the ends of what rounds to it, in quarters of its last bit's worth, 2^<see cref="Exponent"/>.</summary>
    private readonly struct Binary
    {
        private Binary(ulong whole, int exponent, bool isPower)
        {
            Exponent = exponent;
            IsOdd = (whole & 1) != 0;
            Fourfold = whole * 4;

            // The numbers below a power of two are closer together than those above.
            Below = Fourfold - (isPower ? 1UL : 2);
            Above = Fourfold + 2;

            // The logarithm of 2 with 22 bits behind the point, and of 3/4: exact after rounding down within all exponents.
            Scale = ((exponent * 1_262_611) - (isPower ? 524_031 : 0)) >> 22;
        }

        public ulong Below { get; }

        public ulong Fourfold { get; }

        public ulong Above { get; }

        /// <summary>The power of two of the last bit.</summary>
        public int Exponent { get; }

        /// <summary>The power of ten of the answer.</summary>
        public int Scale { get; }

        public bool IsOdd { get; }

        /// <summary>From the parts of a number; <paramref name="offset"/> is the exponent's bias and the mantissa's bits.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Binary Of(ulong mantissa, int biased, int mantissaBits, int offset) => mantissa != 0 && biased != 0
            ? new Binary(mantissa | (1UL << mantissaBits), biased - offset, isPower: false)
            : OfRare(mantissa, biased, mantissaBits, offset);

        /// <summary>Powers of two, and what is less than the least normal number.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Binary OfRare(ulong mantissa, int biased, int mantissaBits, int offset) => biased == 0
            ? new Binary(mantissa, 1 - offset, isPower: false)
            : new Binary(1UL << mantissaBits, biased - offset, biased > 1);
    }
}
