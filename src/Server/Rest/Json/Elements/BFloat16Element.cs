using System.Text.Json;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>BF16: the upper half of a single. Read to the nearest value, ties to even; written as the single that it is.</summary>
internal readonly struct BFloat16Element : IJsonElement<ushort>
{
    private const uint Tie = 0x8000;
    private const uint LowerHalf = 0xFFFF;

    public static int LongestText => FloatElement<float>.LongestText;

    public static string Allowed => "a number from -3.3895314E+38 to 3.3895314E+38, \"NaN\", \"Infinity\" or \"-Infinity\"";

    public static bool TryRead(ref Utf8JsonReader reader, out ushort value)
    {
        value = 0;
        if (!FloatElement<double>.TryRead(ref reader, out var number))
        {
            return false;
        }

        var single = (float)number;
        value = double.IsNaN(number) ? (ushort)0x7FC0 : Round(single, number);
        return !double.IsFinite(number) || float.IsFinite(Widen(value));
    }

    public static int Write(ushort value, Span<byte> target) => FloatElement<float>.Write(Widen(value), target);

    private static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    private static ushort Round(float single, double exact)
    {
        var bits = BitConverter.SingleToUInt32Bits(single);
        var upper = bits >> 16;
        var rest = bits & LowerHalf;
        if (rest == Tie && single != exact)
        {
            // The single is a tie only because it was rounded itself: the double tells on which side the number lies.
            return (ushort)(Math.Abs(exact) > Math.Abs((double)single) ? upper + 1 : upper);
        }

        return (ushort)(rest > Tie || (rest == Tie && (upper & 1) == 1) ? upper + 1 : upper);
    }
}
