using System.Runtime.InteropServices;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Padding;

/// <summary>Writes the value that fills what a request does not.</summary>
internal static class Filler
{
    /// <summary>Fills little-endian elements; floats take only zero, whatever the filler of integers is.</summary>
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
            case ElementType.Int8 or ElementType.UInt8:
                target.Fill((byte)value);
                break;
            default:
                break;
        }
    }
}
