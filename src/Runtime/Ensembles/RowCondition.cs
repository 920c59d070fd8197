using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Ensembles;

/// <summary>Says for which rows a step runs.</summary>
internal static class RowCondition
{
    /// <summary>The rows whose largest number lies within the condition; null where the tensor has no numbers that can be compared.</summary>
    public static int[]? Select(ConditionConfig condition, in TensorView tensor)
    {
        if (ToNumbers(tensor) is not { } numbers)
        {
            return null;
        }

        var each = tensor.Rows == 0 ? 0 : numbers.Length / tensor.Rows;
        var rows = new List<int>();
        for (var row = 0; row < tensor.Rows; row++)
        {
            var largest = each == 0 ? double.NaN : numbers.AsSpan(row * each, each).ToArray().Max();
            if (!(largest <= condition.Above) && !(largest >= condition.Below) && !double.IsNaN(largest))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static double[]? ToNumbers(in TensorView tensor)
    {
        var bytes = tensor.Data.ToArray();
        return tensor.Type switch
        {
            ElementType.Float32 => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), value => (double)value),
            ElementType.Float64 => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            ElementType.Float16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (double)value),
            ElementType.Int64 => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), value => (double)value),
            ElementType.Int32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (double)value),
            ElementType.UInt8 or ElementType.Bool => Array.ConvertAll(bytes, value => (double)value),
            _ => null,
        };
    }
}
