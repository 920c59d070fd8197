using System.Text.Json;
using Serving.Server.Rest.Json.Numbers;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>Truth values: <c>true</c> and <c>false</c>; 1 and 0 are read as well.</summary>
internal readonly struct BoolElement : IJsonElement<byte>
{
    public static int Room => 5;

    public static string Allowed => "true, false, 1 or 0";

    public static bool TryRead(in ShortNumber number, out byte value) => IntegerElement<byte>.TryRead(number, out value) && value <= 1;

    public static bool TryRead(in JsonNumber number, out byte value) => IntegerElement<byte>.TryRead(number, out value) && value <= 1;

    public static bool TryRead(JsonTokenType token, ReadOnlySpan<byte> text, out byte value)
    {
        value = token == JsonTokenType.True ? (byte)1 : (byte)0;
        return token is JsonTokenType.True or JsonTokenType.False;
    }

    public static int Write(byte value, Span<byte> target)
    {
        var text = value == 0 ? "false"u8 : "true"u8;
        text.CopyTo(target);
        return text.Length;
    }
}
