namespace Serving.Fuzz.Engine;

/// <summary>Makes a failing input short, so that one can see why it fails.</summary>
internal static class Shrinker
{
    private const int LargestPiece = 4096;

    /// <summary>Leaves out one piece after the other, ever smaller ones, as long as the input still fails.</summary>
    public static byte[] Shrink(byte[] input, Predicate<byte[]> fails)
    {
        for (var size = LargestPiece; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Length;)
            {
                byte[] shorter = [.. input[..at], .. input[(at + size)..]];
                if (fails(shorter))
                {
                    input = shorter;
                }
                else
                {
                    at += size;
                }
            }
        }

        return input;
    }
}
