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
    /// block that comes back and disposes it. Malformed JSON is thrown by the reader, as it is everywhere.
    /// </summary>
    /// <param name="reader">Stands on the first token of the data, in one contiguous block.</param>
    /// <param name="input">The input's name, for error texts.</param>
    /// <param name="type">The declared type.</param>
    /// <param name="shape">The declared shape, of at most <see cref="DataNesting.MaxRank"/> axes.</param>
    /// <param name="remaining">Bytes from the first token to the end of the JSON, which bound the number of elements.</param>
    public static Outcome<PooledBufferWriter> Read(
        ref Utf8JsonReader reader, string input, ElementType type, TensorShape shape, long remaining)
    {
        if (!shape.TryCountElements(out var count))
        {
            return InferenceFailure.InvalidInput($"input '{input}' has shape {shape}, whose elements cannot be counted");
        }

        var target = new DataTarget(input, type, shape, count, remaining);
        return type switch
        {
            ElementType.Bool => NumberDataReader<byte, BoolElement>.Read(ref reader, target),
            ElementType.UInt8 => NumberDataReader<byte, IntegerElement<byte>>.Read(ref reader, target),
            ElementType.UInt16 => NumberDataReader<ushort, IntegerElement<ushort>>.Read(ref reader, target),
            ElementType.UInt32 => NumberDataReader<uint, IntegerElement<uint>>.Read(ref reader, target),
            ElementType.UInt64 => NumberDataReader<ulong, IntegerElement<ulong>>.Read(ref reader, target),
            ElementType.Int8 => NumberDataReader<sbyte, IntegerElement<sbyte>>.Read(ref reader, target),
            ElementType.Int16 => NumberDataReader<short, IntegerElement<short>>.Read(ref reader, target),
            ElementType.Int32 => NumberDataReader<int, IntegerElement<int>>.Read(ref reader, target),
            ElementType.Int64 => NumberDataReader<long, IntegerElement<long>>.Read(ref reader, target),
            ElementType.Float16 => NumberDataReader<Half, FloatElement<Half>>.Read(ref reader, target),
            ElementType.BFloat16 => NumberDataReader<ushort, BFloat16Element>.Read(ref reader, target),
            ElementType.Float32 => NumberDataReader<float, FloatElement<float>>.Read(ref reader, target),
            ElementType.Float64 => NumberDataReader<double, FloatElement<double>>.Read(ref reader, target),
            _ => BytesDataReader.Read(ref reader, target),
        };
    }
}
