using System.Text.Json;
using Serving.Server.Rest.Json.Numbers;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>BF16: the upper half of a single. Read to the nearest value, ties to even; written as the single that it is.</summary>
internal readonly struct BFloat16Element : IJsonElement<ushort>
{
    private const uint Tie = 0x8000;
    private const uint LowerHalf = 0xFFFF;

    public static int Room => FloatElement<float>.Room;

    public static string Allowed => "a number from -3.3895314E+38 to 3.3895314E+38, \"NaN\", \"Infinity\" or \"-Infinity\"";

    public static bool TryRead(in ShortNumber number, out ushort value)
    {
        FloatElement<double>.TryRead(number, out var exact);
        return TryNarrow(exact, out value);
    }

    public static bool TryRead(in JsonNumber number, out ushort value)
    {
        value = 0;
        return FloatElement<double>.TryRead(number, out var exact) && TryNarrow(exact, out value);
    }

    public static bool TryRead(JsonTokenType token, ReadOnlySpan<byte> text, out ushort value)
    {
        value = 0;
        return FloatElement<double>.TryRead(token, text, out var exact) && TryNarrow(exact, out value);
    }

    public static int Write(ushort value, Span<byte> target) => FloatElement<float>.Write(Widen(value), target);

    private static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    private static bool TryNarrow(double exact, out ushort value)
    {
        value = double.IsNaN(exact) ? (ushort)0x7FC0 : Round((float)exact, exact);
        return !double.IsFinite(exact) || float.IsFinite(Widen(value));
    }

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
