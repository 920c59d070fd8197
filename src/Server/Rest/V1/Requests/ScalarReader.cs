using System.Runtime.CompilerServices;
using System.Text.Json;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;
using Serving.Server.Rest.Json.Elements;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Reads single numbers, of which rows of named values have many: without a block of memory for each.</summary>
internal static class ScalarReader
{
    /// <summary>Appends the number that the reader stands on. Null, or what was expected.</summary>
    public static string? Append(ref Utf8JsonReader reader, ElementType type, PooledBufferWriter block) => type switch
    {
        ElementType.Bool => Append<byte, BoolElement>(ref reader, block),
        ElementType.UInt8 => Append<byte, IntegerElement<byte>>(ref reader, block),
        ElementType.UInt16 => Append<ushort, IntegerElement<ushort>>(ref reader, block),
        ElementType.UInt32 => Append<uint, IntegerElement<uint>>(ref reader, block),
        ElementType.UInt64 => Append<ulong, IntegerElement<ulong>>(ref reader, block),
        ElementType.Int8 => Append<sbyte, IntegerElement<sbyte>>(ref reader, block),
        ElementType.Int16 => Append<short, IntegerElement<short>>(ref reader, block),
        ElementType.Int32 => Append<int, IntegerElement<int>>(ref reader, block),
        ElementType.Int64 => Append<long, IntegerElement<long>>(ref reader, block),
        ElementType.Float16 => Append<Half, FloatElement<Half>>(ref reader, block),
        ElementType.BFloat16 => Append<ushort, BFloat16Element>(ref reader, block),
        ElementType.Float32 => Append<float, FloatElement<float>>(ref reader, block),
        ElementType.Float64 => Append<double, FloatElement<double>>(ref reader, block),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no number"),
    };

    private static string? Append<T, TElement>(ref Utf8JsonReader reader, PooledBufferWriter block)
        where T : unmanaged
        where TElement : struct, IJsonElement<T>
    {
        if (!NumberDataReader<T, TElement>.TryRead(ref reader, out var value))
        {
            return TElement.Allowed;
        }

        Unsafe.WriteUnaligned(ref block.GetSpan(Unsafe.SizeOf<T>())[0], value);
        block.Advance(Unsafe.SizeOf<T>());
        return null;
    }
}
