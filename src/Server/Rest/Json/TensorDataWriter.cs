using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json.Elements;

namespace Serving.Server.Rest.Json;

/// <summary>
/// Writes the elements of a tensor as one flat JSON array, a piece at a time, so that large ones can be sent as they are formed.
/// </summary>
internal static class TensorDataWriter
{
    /// <summary>Elements of one piece: their text stays within a processor's first-level cache.</summary>
    private const int ElementsPerPiece = 1024;

    private const int LengthBytes = sizeof(uint);

    /// <summary>
    /// Writes the first elements of <paramref name="data"/>, with commas between and none after; returns how many of its bytes they were.
    /// </summary>
    public static int WritePiece(PooledBufferWriter writer, ElementType type, ReadOnlySpan<byte> data) => type switch
    {
        ElementType.Bool => WriteNumbers<byte, BoolElement>(writer, data),
        ElementType.UInt8 => WriteNumbers<byte, IntegerElement<byte>>(writer, data),
        ElementType.UInt16 => WriteNumbers<ushort, IntegerElement<ushort>>(writer, data),
        ElementType.UInt32 => WriteNumbers<uint, IntegerElement<uint>>(writer, data),
        ElementType.UInt64 => WriteNumbers<ulong, IntegerElement<ulong>>(writer, data),
        ElementType.Int8 => WriteNumbers<sbyte, IntegerElement<sbyte>>(writer, data),
        ElementType.Int16 => WriteNumbers<short, IntegerElement<short>>(writer, data),
        ElementType.Int32 => WriteNumbers<int, IntegerElement<int>>(writer, data),
        ElementType.Int64 => WriteNumbers<long, IntegerElement<long>>(writer, data),
        ElementType.Float16 => WriteNumbers<Half, FloatElement<Half>>(writer, data),
        ElementType.BFloat16 => WriteNumbers<ushort, BFloat16Element>(writer, data),
        ElementType.Float32 => WriteNumbers<float, FloatElement<float>>(writer, data),
        ElementType.Float64 => WriteNumbers<double, FloatElement<double>>(writer, data),
        _ => WriteString(writer, data),
    };

    private static int WriteNumbers<T, TElement>(PooledBufferWriter writer, ReadOnlySpan<byte> data)
        where T : unmanaged
        where TElement : struct, IJsonElement<T>
    {
        var bytes = Math.Min(data.Length, ElementsPerPiece * Unsafe.SizeOf<T>());
        var elements = MemoryMarshal.Cast<byte, T>(data[..bytes]);
        var target = writer.GetSpan(elements.Length * (TElement.Room + 1));
        var length = 0;
        foreach (var element in elements)
        {
            length += TElement.Write(element, target[length..]);
            target[length++] = (byte)',';
        }

        writer.Advance(Math.Max(0, length - 1));
        return bytes;
    }

    private static int WriteString(PooledBufferWriter writer, ReadOnlySpan<byte> data)
    {
        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(data);
        JsonText.WriteString(writer, data.Slice(LengthBytes, length));
        return LengthBytes + length;
    }
}
