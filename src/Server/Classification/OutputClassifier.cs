using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Classification;

/// <summary>
/// Triton's classification extension: instead of an output's values the best classes, each as <c>value:index</c> or <c>value:index:label</c>.
/// </summary>
internal static class OutputClassifier
{
    /// <summary>Each class is a text, many times as long as a value. Arbitrary.</summary>
    private const long MostClasses = 1 << 20;

    /// <summary>The output as byte strings, best first: a row of them for each row of the batch, or one where the model has no batches.</summary>
    /// <param name="output">The output; its batch axis must be the outermost.</param>
    /// <param name="details">What is known of it.</param>
    /// <param name="count">How many classes of each row; at least 1.</param>
    public static Outcome<OutputTensor> Classify(in OutputTensor output, OutputDetails details, int count)
    {
        var batched = details.BatchAxis is not null && output.Shape.Rank > 0;
        if (batched && details.BatchAxis != 0)
        {
            return InferenceFailure.InvalidInput(
                $"class result not available for output '{output.Name}': its batch axis is axis {details.BatchAxis}, expected the first");
        }

        return output.Type switch
        {
            ElementType.UInt8 => Classify<byte>(output, batched, details.Labels, count),
            ElementType.UInt16 => Classify<ushort>(output, batched, details.Labels, count),
            ElementType.UInt32 => Classify<uint>(output, batched, details.Labels, count),
            ElementType.UInt64 => Classify<ulong>(output, batched, details.Labels, count),
            ElementType.Int8 => Classify<sbyte>(output, batched, details.Labels, count),
            ElementType.Int16 => Classify<short>(output, batched, details.Labels, count),
            ElementType.Int32 => Classify<int>(output, batched, details.Labels, count),
            ElementType.Int64 => Classify<long>(output, batched, details.Labels, count),
            ElementType.Float16 => Classify<Half>(output, batched, details.Labels, count),
            ElementType.Float32 => Classify<float>(output, batched, details.Labels, count),
            ElementType.Float64 => Classify<double>(output, batched, details.Labels, count),
            _ => InferenceFailure.InvalidInput(
                $"class result not available for output '{output.Name}' due to unsupported type '{output.Type.Name()}'"),
        };
    }

    private static Outcome<OutputTensor> Classify<T>(in OutputTensor output, bool batched, IReadOnlyList<string> labels, int count)
        where T : unmanaged, IComparable<T>, IFormattable
    {
        var values = MemoryMarshal.Cast<byte, T>(output.Data.Span);
        var rows = batched ? (int)output.Shape[0] : 1;
        var classes = rows == 0 ? CountClasses(output.Shape) : values.Length / rows;
        var best = (int)Math.Min(count, classes);
        if ((long)rows * best > MostClasses)
        {
            return InferenceFailure.InvalidInput(
                $"class result not available for output '{output.Name}': {rows} rows of {best} classes are more than {MostClasses}; ask for fewer");
        }

        var strings = new ClassStrings(labels);
        for (var row = 0; row < rows; row++)
        {
            var scores = values.Slice(row * (int)classes, (int)classes);
            foreach (var index in ClassRanking.Best(scores, best))
            {
                strings.Add(scores[index], index);
            }
        }

        var shape = batched ? new TensorShape(rows, best) : new TensorShape(best);
        return new OutputTensor(output.Name, ElementType.Bytes, shape, strings.Written);
    }

    /// <summary>Of a batch without rows, which has no values to count.</summary>
    private static long CountClasses(TensorShape shape) => shape.With(0, 1).TryCountElements(out var classes) ? classes : 0;
}
