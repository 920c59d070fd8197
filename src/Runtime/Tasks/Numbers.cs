using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks;

/// <summary>The numbers that graphs answer, whatever type they have.</summary>
internal static class Numbers
{
    /// <summary>Whether an output can be read as numbers.</summary>
    public static bool AreFloats(ElementType type) => type is ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64;

    /// <summary>An output's numbers in single precision; where they have it already they are not copied and valid as long as the response.</summary>
    public static ReadOnlySpan<float> Floats(in OutputTensor tensor)
    {
        var bytes = tensor.Data.Span;
        return tensor.Type switch
        {
            ElementType.Float32 => MemoryMarshal.Cast<byte, float>(bytes),
            ElementType.Float16 => Convert(MemoryMarshal.Cast<byte, Half>(bytes), static value => (float)value),
            ElementType.BFloat16 => Convert(MemoryMarshal.Cast<byte, ushort>(bytes), static value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
            ElementType.Float64 => Convert(MemoryMarshal.Cast<byte, double>(bytes), static value => (float)value),
            _ => throw new InvalidDataException($"The output '{tensor.Name}' has the type {tensor.Type.Name()}, expected a floating-point one."),
        };
    }

    /// <summary>An output's whole numbers.</summary>
    public static long[] Longs(in OutputTensor tensor)
    {
        var bytes = tensor.Data.Span;
        return tensor.Type switch
        {
            ElementType.Int64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
            ElementType.Int32 => Convert(MemoryMarshal.Cast<byte, int>(bytes), static value => (long)value),
            ElementType.UInt8 => Convert(bytes, static value => (long)value),
            _ => throw new InvalidDataException($"The output '{tensor.Name}' has the type {tensor.Type.Name()}, expected a whole one."),
        };
    }

    /// <summary>Each number's share of the sum of their exponentials, in place.</summary>
    public static void Softmax(Span<float> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var highest = float.NegativeInfinity;
        foreach (var value in values)
        {
            highest = Math.Max(highest, value);
        }

        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Exp(values[i] - highest);
            sum += values[i];
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(values[i] / sum);
        }
    }

    /// <summary>1 / (1 + e^-x) of each number, in place.</summary>
    public static void Sigmoid(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Sigmoid(values[i]);
        }
    }

    public static float Sigmoid(float value) => 1 / (1 + MathF.Exp(-value));

    /// <summary>The places of the largest numbers, the largest first; of equal ones the first place.</summary>
    public static int[] Largest(ReadOnlySpan<float> values, int count)
    {
        count = Math.Min(count, values.Length);
        var queue = new PriorityQueue<int, (float Value, int Place)>(count + 1);
        for (var i = 0; i < values.Length; i++)
        {
            // Not a number is the least of all, so that it never hides an answer.
            var value = float.IsNaN(values[i]) ? float.NegativeInfinity : values[i];
            if (queue.Count < count)
            {
                queue.Enqueue(i, (value, -i));
            }
            else if (count > 0 && queue.TryPeek(out _, out var least) && value > least.Value)
            {
                queue.DequeueEnqueue(i, (value, -i));
            }
        }

        var places = new int[queue.Count];
        for (var i = places.Length - 1; i >= 0; i--)
        {
            places[i] = queue.Dequeue();
        }

        return places;
    }

    private static TTo[] Convert<TFrom, TTo>(ReadOnlySpan<TFrom> values, Func<TFrom, TTo> convert)
    {
        var converted = new TTo[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            converted[i] = convert(values[i]);
        }

        return converted;
    }
}
