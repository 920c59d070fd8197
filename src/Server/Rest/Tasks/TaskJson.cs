using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.Tasks;

/// <summary>Writes what dialects answer.</summary>
internal static class TaskJson
{
    /// <summary>A number; what JSON has no number for is the text that tensors have for it.</summary>
    public static void WriteNumber(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A list of numbers, by the writer of tensors, which is faster than that of single numbers.</summary>
    public static void WriteVector(Utf8JsonWriter json, ReadOnlySpan<float> values)
    {
        using var text = new PooledBufferWriter(Math.Max(values.Length * 12, 16));
        text.Write("["u8);
        var bytes = MemoryMarshal.AsBytes(values);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[TensorDataWriter.WritePiece(text, ElementType.Float32, bytes)..];
            text.Write(bytes.IsEmpty ? ""u8 : ","u8);
        }

        text.Write("]"u8);
        json.WriteRawValue(text.WrittenMemory.Span, skipInputValidation: true);
    }
}
