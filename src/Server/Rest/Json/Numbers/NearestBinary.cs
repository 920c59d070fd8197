using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>
/// The float or double that is nearest to a decimal number, ties to even, rounded once. Where it cannot tell, it says so: then
/// the number is next to the middle between two, and only all of its digits decide.
/// </summary>
internal static class NearestBinary
{
    /// <summary>The most digits of which none can be lost in 64 bits.</summary>
    public const int MostDigits = 19;

    private const int DoubleBits = 52;
    private const int DoubleBias = 1023;
    private const int FloatBits = 23;
    private const int FloatBias = 127;

    /// <summary>Below, every whole number is a double.</summary>
    private const ulong ExactDigits = 1UL << 53;

    /// <summary>So many powers of ten are doubles.</summary>
    private const int ExactTens = 23;

    /// <summary>The powers of ten that are doubles, and then the same with a minus.</summary>
    private static readonly double[] Tens =
        [.. Enumerable.Range(0, 2 * ExactTens).Select(n => double.Parse($"{(n < ExactTens ? "" : "-")}1e{n % ExactTens}", CultureInfo.InvariantCulture))];

    /// <summary>The double nearest to <paramref name="digits"/> * 10^<paramref name="exponent"/>; infinite where it is too large.</summary>
    public static bool TryGetDouble(ulong digits, int exponent, out double value)
    {
        if (TryDivide(digits, exponent, out value))
        {
            return true;
        }

        var found = TryScale(digits, exponent, DoubleBits, DoubleBias, out var bits);
        value = BitConverter.UInt64BitsToDouble(bits);
        return found;
    }

    /// <summary>The float nearest to <paramref name="digits"/> * 10^<paramref name="exponent"/>; infinite where it is too large.</summary>
    public static bool TryGetFloat(ulong digits, int exponent, out float value)
    {
        if (TryDivide(digits, exponent, out var number) && TryRound(number, out value))
        {
            return true;
        }

        var found = TryScale(digits, exponent, FloatBits, FloatBias, out var bits);
        value = BitConverter.UInt32BitsToSingle((uint)bits);
        return found;
    }

    /// <summary>The double nearest to a short number: digits and power of ten are doubles, and one division rounds once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(in ShortNumber number) => number.Digits / Tens[number.Decimals + (number.Minuses * ExactTens)];

    /// <summary>
    /// The float nearest to a number whose nearest double is given, of a magnitude that both have in full precision. False where
    /// the double is the middle of two floats: whether the number itself is, above or below, was lost.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRound(double number, out float value)
    {
        const ulong LostBits = (1UL << (DoubleBits - FloatBits)) - 1;
        value = (float)number;
        return (BitConverter.DoubleToUInt64Bits(number) & LostBits) != (LostBits + 1) / 2;
    }

    private static bool TryDivide(ulong digits, int exponent, out double value)
    {
        value = 0;
        if (digits > ExactDigits || exponent <= -ExactTens || exponent >= ExactTens)
        {
            return false;
        }

        value = exponent < 0 ? digits / Tens[-exponent] : digits * Tens[exponent];
        return true;
    }

    /// <summary>Multiplies with 128 bits of the power of ten and rounds, unless the bits that were cut off could change the result.</summary>
    private static bool TryScale(ulong digits, int exponent, int mantissaBits, int bias, out ulong bits)
    {
        var infinity = ((2UL * (uint)bias) + 1) << mantissaBits;
        bits = exponent > 0 ? infinity : 0;
        if (digits == 0 || exponent < PowersOfTen.Least || exponent > PowersOfTen.Most)
        {
            bits = digits == 0 ? 0 : bits;
            return true;
        }

        // 1. The upper 128 of 192 bits: less than two units below the true product.
        var zeros = BitOperations.LeadingZeroCount(digits);
        var upper = Math.BigMul(digits << zeros, PowersOfTen.High(exponent), out var lower);
        var carried = Math.BigMul(digits << zeros, PowersOfTen.Low(exponent), out _);
        lower += carried;
        upper += lower < carried ? 1UL : 0;

        // 2. Where its highest bit stands, and how many bits below the mantissa are cut off: more for numbers below the least normal.
        var top = 63 - BitOperations.LeadingZeroCount(upper);
        var biased = PowersOfTen.Exponent(exponent) + 128 - zeros + top + bias;
        var cut = top - mantissaBits + Math.Max(0, 1 - biased);
        if (cut > 63)
        {
            return cut > 66;
        }

        // 3. Rounded to nearest, unless the middle lies within those two units.
        var rest = upper & ((1UL << cut) - 1);
        var half = 1UL << (cut - 1);
        if ((rest == half && lower == 0) || (rest == half - 1 && lower >= ulong.MaxValue - 1))
        {
            return false;
        }

        // The mantissa's highest bit adds one to the exponent, and so does one that rounding carries into.
        var mantissa = (upper >> cut) + (rest >= half ? 1UL : 0);
        bits = biased > 2 * bias ? infinity : Math.Min(infinity, ((ulong)Math.Max(0, biased - 1) << mantissaBits) + mantissa);
        return true;
    }
}
