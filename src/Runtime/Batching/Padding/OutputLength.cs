namespace Serving.Runtime.Batching.Padding;

/// <summary>The extent of an output's axis as a function of a length: <c>floor((Factor * length + Offset) / Divisor)</c>.</summary>
/// <param name="Axis">The output's axis.</param>
/// <param name="Class">The index of the length's class.</param>
/// <param name="Factor">Steps up ...</param>
/// <param name="Divisor">... for so many steps of the length.</param>
/// <param name="Offset">Shifts the length's multiple before it is divided.</param>
internal sealed record OutputLength(int Axis, int Class, long Factor, long Divisor, long Offset)
{
    /// <summary>The extent at a length.</summary>
    public long At(long length) => Math.Max(0, (long)Math.Floor((double)((Factor * length) + Offset) / Divisor));

    /// <summary>The axis and the function, for people.</summary>
    /// <param name="classes">The lengths.</param>
    public string Describe(IReadOnlyList<LengthClass> classes)
    {
        var name = classes[Class].Name.Length > 0 ? classes[Class].Name : "length";
        var multiple = Factor == 1 ? name : $"{Factor} * {name}";
        var shifted = Offset == 0 ? multiple : $"{multiple} {(Offset < 0 ? '-' : '+')} {Math.Abs(Offset)}";
        return $"axis {Axis}: {(Divisor == 1 ? shifted : $"floor(({shifted}) / {Divisor})")}";
    }

    /// <summary>A function that passes through all points seen; null where none of this kind does.</summary>
    /// <param name="axis">The output's axis.</param>
    /// <param name="lengthClass">The index of the length's class.</param>
    /// <param name="seen">Lengths and the extents at them, by ascending length; at least two.</param>
    public static OutputLength? Fit(int axis, int lengthClass, IReadOnlyList<(long Length, long Extent)> seen)
    {
        // The divisor is found by trying: strides and pools shrink by small factors, unpooling grows by small ones.
        foreach (var divisor in (long[])[1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32, 64, 80, 128, 160, 256, 320])
        {
            var slope = (double)(seen[^1].Extent - seen[0].Extent) / (seen[^1].Length - seen[0].Length);
            var factor = (long)Math.Round(slope * divisor);
            for (var offset = -4 * divisor; factor > 0 && offset <= 4 * divisor; offset++)
            {
                var candidate = new OutputLength(axis, lengthClass, factor, divisor, offset);
                if (seen.All(point => candidate.At(point.Length) == point.Extent))
                {
                    return candidate;
                }
            }
        }

        return null;
    }
}
