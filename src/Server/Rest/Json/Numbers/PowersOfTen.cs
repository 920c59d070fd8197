using System.Numerics;

namespace Serving.Server.Rest.Json.Numbers;

/// <summary>
/// The powers of ten in 128 bits, the highest of them set and the rest cut off: 10^n is at least
/// (<see cref="High"/> * 2^64 + <see cref="Low"/>) * 2^<see cref="Exponent"/> and less than one unit of the last bit more.
/// </summary>
internal static class PowersOfTen
{
    /// <summary>Below, 19 digits are less than half of the least double.</summary>
    public const int Least = -342;

    /// <summary>What the least double must be multiplied with to be a whole number of 17 digits.</summary>
    public const int Most = 324;

    private static readonly ulong[] Highs = new ulong[Most - Least + 1];
    private static readonly ulong[] Lows = new ulong[Most - Least + 1];
    private static readonly short[] Exponents = new short[Most - Least + 1];

    static PowersOfTen()
    {
        // 10^n is 5^n * 2^n: only the power of five has digits.
        var power = BigInteger.One;
        for (var n = 0; n <= -Least; n++, power *= 5)
        {
            var bits = (int)power.GetBitLength();
            if (n <= Most)
            {
                Set(n, bits <= 128 ? power << (128 - bits) : power >> (bits - 128), n + bits - 128);
            }

            if (n > 0)
            {
                Set(-n, (BigInteger.One << (bits + 127)) / power, -n - bits - 127);
            }
        }
    }

    public static ulong High(int n) => Highs[n - Least];

    public static ulong Low(int n) => Lows[n - Least];

    public static int Exponent(int n) => Exponents[n - Least];

    private static void Set(int n, BigInteger value, int exponent)
    {
        Highs[n - Least] = (ulong)(value >> 64);
        Lows[n - Least] = (ulong)(value & ulong.MaxValue);
        Exponents[n - Least] = (short)exponent;
    }
}
