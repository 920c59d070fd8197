namespace Serving.Runtime.Batching.Padding;

/// <summary>One number for several lengths, that what a row costs grows with.</summary>
internal static class LengthMeasure
{
    /// <summary>The product; 1 where there are no lengths.</summary>
    public static int Of(ReadOnlySpan<long> lengths)
    {
        var product = 1L;
        foreach (var length in lengths)
        {
            product = Math.Min(product * length, int.MaxValue);
        }

        return (int)product;
    }
}
