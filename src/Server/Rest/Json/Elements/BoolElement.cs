using System.Text.Json;

namespace Serving.Server.Rest.Json.Elements;

/// <summary>Truth values: <c>true</c> and <c>false</c>; 1 and 0 are read as well.</summary>
internal readonly struct BoolElement : IJsonElement<byte>
{
    public static int LongestText => 5;

    public static string Allowed => "true, false, 1 or 0";

    public static bool TryRead(ref Utf8JsonReader reader, out byte value)
    {
        value = 0;
        switch (reader.TokenType)
        {
            case JsonTokenType.True:
                value = 1;
                return true;
            case JsonTokenType.False:
                return true;
            default:
                return IntegerElement<byte>.TryRead(ref reader, out value) && value <= 1;
        }
    }

    public static int Write(byte value, Span<byte> target)
    {
        var text = value == 0 ? "false"u8 : "true"u8;
        text.CopyTo(target);
        return text.Length;
    }
}
