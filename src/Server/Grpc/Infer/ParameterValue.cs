using System.Globalization;
using System.Text.Json;

namespace Serving.Server.Grpc.Infer;

/// <summary>The value of a parameter of a request.</summary>
/// <param name="Kind">Which of the protocol's types was sent.</param>
/// <param name="Bits">A number's or boolean's bits.</param>
/// <param name="Text">A string.</param>
internal readonly record struct ParameterValue(ParameterKind Kind, ulong Bits, string? Text)
{
    /// <summary>The value as a whole number that is not negative; also from a string of digits.</summary>
    public bool TryGetCount(out long count)
    {
        count = (long)Bits;
        return Kind switch
        {
            ParameterKind.Int64 or ParameterKind.UInt64 => count >= 0,
            ParameterKind.String => long.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out count),
            _ => false,
        };
    }

    /// <summary>The value as JSON has it, which is how the engine takes parameters from all protocols.</summary>
    public JsonElement ToJson() => Kind switch
    {
        ParameterKind.None => JsonSerializer.SerializeToElement<string?>(null),
        ParameterKind.Bool => JsonSerializer.SerializeToElement(Bits != 0),
        ParameterKind.Int64 => JsonSerializer.SerializeToElement((long)Bits),
        ParameterKind.UInt64 => JsonSerializer.SerializeToElement(Bits),
        ParameterKind.Double when double.IsFinite(BitConverter.UInt64BitsToDouble(Bits)) => JsonSerializer.SerializeToElement(BitConverter.UInt64BitsToDouble(Bits)),
        _ => JsonSerializer.SerializeToElement(Text ?? ToString()),
    };

    /// <summary>For messages.</summary>
    public override string ToString() => Kind switch
    {
        ParameterKind.None => "nothing",
        ParameterKind.Bool => Bits != 0 ? "true" : "false",
        ParameterKind.Int64 => ((long)Bits).ToString(CultureInfo.InvariantCulture),
        ParameterKind.UInt64 => Bits.ToString(CultureInfo.InvariantCulture),
        ParameterKind.Double => BitConverter.UInt64BitsToDouble(Bits).ToString(CultureInfo.InvariantCulture),
        _ => $"'{Text}'",
    };
}
