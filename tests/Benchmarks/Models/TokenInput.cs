using System.Runtime.InteropServices;

namespace Serving.Benchmarks.Models;

/// <summary>What the inputs of an encoder hold, by their names.</summary>
internal static class TokenInput
{
    /// <summary>Ids that every vocabulary has: those of the bench's encoder end here.</summary>
    public const int Vocabulary = 1000;

    /// <summary>Rows of one length, whole: ids from a fixed seed, ones in a mask, zeros in every other input.</summary>
    public static byte[] Bytes(string name, int rows, int length)
    {
        var values = new long[rows * length];
        if (name.Contains("mask", StringComparison.Ordinal))
        {
            Array.Fill(values, 1);
        }
        else if (name.EndsWith("ids", StringComparison.Ordinal) && !name.Contains("type", StringComparison.Ordinal))
        {
            var random = new Random(length);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = random.Next(1, Vocabulary);
            }
        }

        return MemoryMarshal.AsBytes<long>(values).ToArray();
    }
}
