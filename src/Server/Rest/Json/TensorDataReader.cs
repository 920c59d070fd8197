using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json.Elements;

namespace Serving.Server.Rest.Json;

/// <summary>Reads the elements of a tensor from JSON, nested or flat, straight into a block of the pool.</summary>
internal static class TensorDataReader
{
    /// <summary>
    /// Reads the value that <paramref name="reader"/> stands on and leaves it on the value's last token. The caller owns the
    /// block that comes back and disposes it. Malformed JSON is thrown by the reader, as it is everywhere; where it says that it
    /// is, is only true for what was not skipped: see <see cref="JsonText.DescribeMalformed"/>.
    /// </summary>
    /// <param name="reader">Stands on the first token of the data, in one contiguous block.</param>
    /// <param name="json">
    /// What the reader reads, whole or from any position before the data on, valid UTF-8: arrays are read from there, and the reader
    /// takes up again behind them.
    /// </param>
    /// <param name="input">The input's name, for error texts.</param>
    /// <param name="type">The declared type.</param>
    /// <param name="shape">The declared shape, of at most <see cref="DataNesting.MaxRank"/> axes.</param>
    public static Outcome<PooledBufferWriter> Read(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string input, ElementType type, TensorShape shape) =>
        Read(ref reader, json, input, type, shape, json.Overlaps(reader.ValueSpan, out var start) ? json.Length - start : json.Length);

    /// <summary>Reads the same, token by token, for a caller that has only the reader: several times slower.</summary>
    /// <param name="reader">Stands on the first token of the data, in one contiguous block.</param>
    /// <param name="input">The input's name, for error texts.</param>
    /// <param name="type">The declared type.</param>
    /// <param name="shape">The declared shape, of at most <see cref="DataNesting.MaxRank"/> axes.</param>
    /// <param name="remaining">Bytes from the first token to the end of the JSON, which bound the number of elements.</param>
    public static Outcome<PooledBufferWriter> Read(
        ref Utf8JsonReader reader, string input, ElementType type, TensorShape shape, long remaining) =>
        Read(ref reader, default, input, type, shape, remaining);

    private static Outcome<PooledBufferWriter> Read(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string input, ElementType type, TensorShape shape, long remaining)
    {
        if (!shape.TryCountElements(out var count))
        {
            return InferenceFailure.InvalidInput($"input '{input}' has shape {shape}, whose elements cannot be counted");
        }

        var target = new DataTarget(input, type, shape, count, remaining);
        return type switch
        {
            ElementType.Bool => NumberDataReader<byte, BoolElement>.Read(ref reader, json, target),
            ElementType.UInt8 => NumberDataReader<byte, IntegerElement<byte>>.Read(ref reader, json, target),
            ElementType.UInt16 => NumberDataReader<ushort, IntegerElement<ushort>>.Read(ref reader, json, target),
            ElementType.UInt32 => NumberDataReader<uint, IntegerElement<uint>>.Read(ref reader, json, target),
            ElementType.UInt64 => NumberDataReader<ulong, IntegerElement<ulong>>.Read(ref reader, json, target),
            ElementType.Int8 => NumberDataReader<sbyte, IntegerElement<sbyte>>.Read(ref reader, json, target),
            ElementType.Int16 => NumberDataReader<short, IntegerElement<short>>.Read(ref reader, json, target),
            ElementType.Int32 => NumberDataReader<int, IntegerElement<int>>.Read(ref reader, json, target),
            ElementType.Int64 => NumberDataReader<long, IntegerElement<long>>.Read(ref reader, json, target),
            ElementType.Float16 => NumberDataReader<Half, FloatElement<Half>>.Read(ref reader, json, target),
            ElementType.BFloat16 => NumberDataReader<ushort, BFloat16Element>.Read(ref reader, json, target),
            ElementType.Float32 => NumberDataReader<float, FloatElement<float>>.Read(ref reader, json, target),
            ElementType.Float64 => NumberDataReader<double, FloatElement<double>>.Read(ref reader, json, target),
            _ => BytesDataReader.Read(ref reader, json, target),
        };
    }
}
