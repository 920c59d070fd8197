using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serving.Server.Rest.Json;

/// <summary>Strings and whole numbers, from and to JSON, without a document in between.</summary>
internal static class JsonText
{
    /// <summary>No protocol nests deeper; the same limit as System.Text.Json's own default.</summary>
    public const int MaxDepth = 64;

    private const int LongestInteger = 20;

    /// <summary>Escapes only what JSON requires: the texts are never put into HTML.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Copies the string that the reader stands on, unescaped, to <paramref name="destination"/>, which has room for the raw one.
    /// False where an escape is half of a surrogate pair, which is no text in UTF-8.
    /// </summary>
    public static bool TryCopy(ref Utf8JsonReader reader, scoped Span<byte> destination, out int written)
    {
        if (!reader.ValueIsEscaped)
        {
            reader.ValueSpan.CopyTo(destination);
            written = reader.ValueSpan.Length;
            return true;
        }

        try
        {
            written = reader.CopyString(destination);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The only way in which the reader reports a lone surrogate.
            written = 0;
            return false;
        }
    }

    /// <summary>Whether the property that the reader stands on is called <paramref name="name"/>; never throws on odd escapes.</summary>
    public static bool NameIs(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueIsEscaped
        ? TryGetString(ref reader, out var text) && text == Encoding.UTF8.GetString(name)
        : reader.ValueSpan.SequenceEqual(name);

    /// <summary>The string that the reader stands on; false where it is another kind of value or no text.</summary>
    public static bool TryGetString(ref Utf8JsonReader reader, out string value)
    {
        value = "";
        if (reader.TokenType != JsonTokenType.String && reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        var raw = reader.ValueSpan.Length;
        var rented = raw > 256 ? ArrayPool<byte>.Shared.Rent(raw) : null;
        try
        {
            var bytes = rented ?? stackalloc byte[256];
            if (!TryCopy(ref reader, bytes, out var written))
            {
                return false;
            }

            value = Encoding.UTF8.GetString(bytes[..written]);
            return true;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>
    /// Puts a reader that stands on the start of an array on its end. What it says about positions counts from there:
    /// <see cref="DescribeMalformed"/> knows the true ones.
    /// </summary>
    /// <param name="reader">Stands on the start of an array.</param>
    /// <param name="rest">What it reads, from that array's last bracket on.</param>
    public static void SkipTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> rest)
    {
        // For the reader's state the array is empty.
        reader = new Utf8JsonReader(rest, isFinalBlock: true, reader.CurrentState);
        reader.Read();
    }

    /// <summary>What <paramref name="json"/> holds from the array's bracket on that the reader stands on.</summary>
    public static ReadOnlySpan<byte> From(ref Utf8JsonReader reader, ReadOnlySpan<byte> json) =>
        json.Overlaps(reader.ValueSpan, out var start) ? json[start..] : default;

    /// <summary>What is wrong with text that a reader threw at, and where.</summary>
    public static string DescribeMalformed(ReadOnlySpan<byte> json, JsonException thrown)
    {
        try
        {
            var reader = new Utf8JsonReader(json, ReaderOptions);
            while (reader.Read())
            {
            }

            return thrown.Message;
        }
        catch (JsonException exact)
        {
            return exact.Message;
        }
    }

    /// <summary>Writes a quoted string.</summary>
    public static void WriteString(PooledBufferWriter writer, string value)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        WriteString(writer, bytes.AsSpan(0, Encoding.UTF8.GetBytes(value, bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Writes a quoted string from UTF-8 that is known to be valid.</summary>
    public static void WriteString(PooledBufferWriter writer, ReadOnlySpan<byte> utf8)
    {
        writer.Write("\""u8);
        while (!utf8.IsEmpty)
        {
            // Escapes make at most six bytes of one; the loop goes on where less room was free.
            var target = writer.GetSpan(Math.Min(utf8.Length, 4096) + 32);
            Encoder.EncodeUtf8(utf8, target, out var consumed, out var written);
            writer.Advance(written);
            utf8 = utf8[consumed..];
        }

        writer.Write("\""u8);
    }

    public static void WriteInteger(PooledBufferWriter writer, long value)
    {
        Utf8Formatter.TryFormat(value, writer.GetSpan(LongestInteger), out var written);
        writer.Advance(written);
    }
}
