using System.Buffers.Binary;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Probe;

/// <summary>How far two tensors of one type and shape are apart, relative to the largest magnitude in either.</summary>
internal static class TensorDifference
{
    /// <summary>0 where equal; for types other than floats 1 where anything differs; not a number where either has one.</summary>
    public static double Measure(ProbeTensor left, ProbeTensor right)
    {
        if (left.Type is not (ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64))
        {
            return left.Data.AsSpan().SequenceEqual(right.Data) ? 0 : 1;
        }

        var (difference, magnitude) = (0.0, 0.0);
        var size = left.Type.Size();
        for (var i = 0; i < left.Data.Length; i += size)
        {
            var a = Read(left.Data.AsSpan(i), left.Type);
            var b = Read(right.Data.AsSpan(i), left.Type);
            if (a.Equals(b))
            {
                magnitude = double.IsFinite(a) ? Math.Max(magnitude, Math.Abs(a)) : magnitude;
                continue;
            }

            difference = Math.Max(difference, Math.Abs(a - b));
            magnitude = Math.Max(magnitude, Math.Max(Math.Abs(a), Math.Abs(b)));
            if (!double.IsFinite(difference))
            {
                return double.NaN;
            }
        }

        return difference == 0 ? 0 : difference / magnitude;
    }

    /// <summary>Whether a float tensor holds a value that is not a number; such a sample says nothing.</summary>
    public static bool HasNaN(ProbeTensor tensor)
    {
        if (tensor.Type is not (ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64))
        {
            return false;
        }

        for (var i = 0; i < tensor.Data.Length; i += tensor.Type.Size())
        {
            if (double.IsNaN(Read(tensor.Data.AsSpan(i), tensor.Type)))
            {
                return true;
            }
        }

        return false;
    }

    private static double Read(ReadOnlySpan<byte> data, ElementType type) => type switch
    {
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(data),
        ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(data) << 16),
        ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(data),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(data),
    };
}
