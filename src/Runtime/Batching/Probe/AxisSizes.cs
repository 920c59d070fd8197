using System.Globalization;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Probe;

/// <summary>
/// Extents to try for axes that vary. Axes of one symbolic name get one extent, a name such as <c>past + sequence</c> the
/// sum, and axes without a name are taken to be equal, because graphs that mix them mostly need that.
/// </summary>
internal sealed record AxisSizes(int Common, string? Doubled = null)
{
    /// <summary>Enough for most; the large ones are samples of sound, and pictures that shrink several times.</summary>
    private static readonly int[] Candidates = [8, 16, 32, 64, 4, 3, 2, 1, 128, 224, 256, 512, 1024, 2048, 4096, 16000];

    /// <summary>Everything worth a try, the likely first.</summary>
    public static IEnumerable<AxisSizes> For(IReadOnlyCollection<string> symbols)
    {
        if (symbols.Count == 0)
        {
            return [new AxisSizes(1)];
        }

        // Where one length is the sum of two others (a mask over past and new tokens), doubling it fits.
        var equal = Candidates.Select(c => new AxisSizes(c));
        var sums = symbols.Count < 2 ? [] : from c in (int[])[8, 4, 64] from s in symbols select new AxisSizes(c, s);
        return equal.Take(2).Concat(sums).Concat(equal.Skip(2));
    }

    /// <summary>The extent of an axis that varies.</summary>
    public long Extent(string symbol)
    {
        if (!symbol.Contains('+', StringComparison.Ordinal))
        {
            return symbol == Doubled ? 2L * Common : Common;
        }

        return symbol.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Sum(term => long.TryParse(term, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : Extent(term));
    }

    /// <summary>The shape of one row of an input.</summary>
    public TensorShape RowShape(TensorSignature input, int batchAxis)
    {
        var dims = input.Shape.ToArray();
        for (var axis = 0; axis < dims.Length; axis++)
        {
            if (dims[axis] < 0)
            {
                dims[axis] = axis == batchAxis ? 1 : Extent(input.AxisNames[axis]);
            }
        }

        return new TensorShape(dims);
    }

    public override string ToString() => Doubled is null ? $"lengths {Common}" : $"lengths {Common}, '{Doubled}' {2 * Common}";
}
