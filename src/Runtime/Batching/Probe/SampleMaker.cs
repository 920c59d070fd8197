using System.Buffers.Binary;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Probe;

/// <summary>Makes rows that a graph may accept. The same arguments make the same row.</summary>
internal sealed class SampleMaker(IReadOnlyDictionary<string, long> indexBounds)
{
    /// <summary>Larger samples are not tried: they would say nothing that a smaller one does not.</summary>
    private const long LargestElements = 4_000_000;

    private static readonly string[] SampleRates = ["sr", "sample_rate", "sampling_rate"];
    private static readonly string[] Words = ["red fox", "a", "", "blue whale sings", "42", "stone"];

    /// <summary>Whether a row of this shape is worth a try.</summary>
    public static bool IsReasonable(TensorShape shape) => shape.TryCountElements(out var count) && count <= LargestElements;

    /// <summary>Fills one row of an input; the caller owns the bytes.</summary>
    /// <param name="input">The input.</param>
    /// <param name="shape">The row's shape.</param>
    /// <param name="values">What to fill it with.</param>
    /// <param name="row">Which row; rows differ. Inputs that all rows share are always made as row 0.</param>
    public byte[] Make(TensorSignature input, TensorShape shape, SampleValues values, int row)
    {
        shape.TryCountElements(out var elements);

        // Seeded by the name's characters, because string.GetHashCode differs from run to run.
        var random = new Random((row * 7919) + input.Name.Aggregate(17, (hash, c) => unchecked((hash * 31) + c)));
        if (input.Type == ElementType.Bytes)
        {
            return Strings(elements, random);
        }

        var size = input.Type.Size();
        var bytes = new byte[elements * size];
        for (var i = 0; i < bytes.Length; i += size)
        {
            Write(bytes.AsSpan(i, size), input.Type, Value(input, shape, values, row, random));
        }

        return bytes;
    }

    private double Value(TensorSignature input, TensorShape shape, SampleValues values, int row, Random random)
    {
        if (input.Name.Contains("mask", StringComparison.OrdinalIgnoreCase))
        {
            return 1;
        }

        if (input.Type == ElementType.Bool)
        {
            // Most switches must be on for an answer to say anything; where there is nothing but switches, some must be off.
            return values is SampleValues.Mixed or SampleValues.Ones ? 1 : random.Next(2);
        }

        if (input.Type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64)
        {
            // Rows of different magnitude show up graphs that scale by the largest value of the whole batch.
            return values switch
            {
                SampleValues.Unit => random.NextDouble(),
                SampleValues.Large => random.NextDouble() * 100 * (row + 1),
                _ => ((random.NextDouble() * 2) - 1) * (row + 0.5),
            };
        }

        if (shape.Rank == 0 && SampleRates.Contains(input.Name))
        {
            return 16000;
        }

        if (indexBounds.TryGetValue(input.Name, out var bound))
        {
            // Ids as small as a first sample's, lest the bound of one lookup exceed another's that was not seen.
            return random.NextInt64(Math.Min(bound, values == SampleValues.Large ? 512 : 64));
        }

        return values switch
        {
            SampleValues.Unit => random.Next(2),
            SampleValues.Ones => 1,
            _ => random.Next(1, 8),
        };
    }

    private static byte[] Strings(long elements, Random random)
    {
        using var stream = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        for (var i = 0L; i < elements; i++)
        {
            var word = System.Text.Encoding.UTF8.GetBytes(Words[random.Next(Words.Length)]);
            BinaryPrimitives.WriteInt32LittleEndian(length, word.Length);
            stream.Write(length);
            stream.Write(word);
        }

        return stream.ToArray();
    }

    private static void Write(Span<byte> target, ElementType type, double value)
    {
        switch (type)
        {
            case ElementType.Float16:
                BinaryPrimitives.WriteHalfLittleEndian(target, (Half)value);
                break;
            case ElementType.BFloat16:
                BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
                break;
            case ElementType.Float32:
                BinaryPrimitives.WriteSingleLittleEndian(target, (float)value);
                break;
            case ElementType.Float64:
                BinaryPrimitives.WriteDoubleLittleEndian(target, value);
                break;
            default:
                // Sample integers are small and positive, so the low bytes are right for every width.
                var number = (long)value;
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = (byte)(number >> (8 * i));
                }

                break;
        }
    }
}
