using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>A byte string as JSON: its text, or <c>{"b64": "..."}</c> for bytes that are no text.</summary>
internal static class BinaryValue
{
    private const int LengthBytes = sizeof(uint);

    /// <summary>Whether the object that the reader stands on is a byte string and not a set of named values. The reader is a copy.</summary>
    public static bool IsBinary(Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName && JsonText.NameIs(ref reader, "b64"u8)
        && reader.Read() && reader.TokenType == JsonTokenType.String
        && reader.Read() && reader.TokenType == JsonTokenType.EndObject;

    /// <summary>Appends the string or object that the reader stands on, its length before it. Null, or what is wrong with it.</summary>
    public static string? Append(ref Utf8JsonReader reader, PooledBufferWriter block)
    {
        var isEncoded = reader.TokenType == JsonTokenType.StartObject;
        if (isEncoded)
        {
            if (!IsBinary(reader))
            {
                return "an object is no BYTES value, expected a string or {\"b64\": \"...\"}";
            }

            reader.Read();
            reader.Read();
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return "expected a string or {\"b64\": \"...\"}";
        }

        // Two bytes more, for padding that was left out.
        var target = block.GetSpan(LengthBytes + reader.ValueSpan.Length + 2);
        if (!JsonText.TryCopy(ref reader, target[LengthBytes..], out var length))
        {
            return "the string is no Unicode text";
        }

        if (isEncoded && !TryDecode(target[LengthBytes..], ref length))
        {
            return "the text of b64 is not valid base64";
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)length);
        block.Advance(LengthBytes + length);
        if (isEncoded)
        {
            reader.Read();
        }

        return null;
    }

    private static bool TryDecode(Span<byte> text, ref int length)
    {
        while (length % 4 is 2 or 3)
        {
            text[length++] = (byte)'=';
        }

        return Base64.DecodeFromUtf8InPlace(text[..length], out length) == System.Buffers.OperationStatus.Done;
    }
}
