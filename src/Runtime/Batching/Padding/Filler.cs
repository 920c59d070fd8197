using System.Runtime.InteropServices;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Padding;

/// <summary>Writes the value that fills what a request does not.</summary>
internal static class Filler
{
    /// <summary>Fills little-endian elements; a value that a type cannot hold is cut to its low bits.</summary>
    public static void Fill(Span<byte> target, ElementType type, int value)
    {
        target.Clear();
        if (value == 0)
        {
            return;
        }

        switch (type)
        {
            case ElementType.Int64 or ElementType.UInt64:
                MemoryMarshal.Cast<byte, long>(target).Fill(value);
                break;
            case ElementType.Int32 or ElementType.UInt32:
                MemoryMarshal.Cast<byte, int>(target).Fill(value);
                break;
            case ElementType.Int16 or ElementType.UInt16:
                MemoryMarshal.Cast<byte, short>(target).Fill((short)value);
                break;
            case ElementType.Float32:
                MemoryMarshal.Cast<byte, float>(target).Fill(value);
                break;
            case ElementType.Float64:
                MemoryMarshal.Cast<byte, double>(target).Fill(value);
                break;
            case ElementType.Float16:
                MemoryMarshal.Cast<byte, Half>(target).Fill((Half)value);
                break;
            case ElementType.BFloat16:
                MemoryMarshal.Cast<byte, ushort>(target).Fill((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                break;
            case ElementType.Bool:
                target.Fill(1);
                break;
            case ElementType.Int8 or ElementType.UInt8:
                target.Fill((byte)value);
                break;
            default:
                break;
        }
    }
}
