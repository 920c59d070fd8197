using Serving.Runtime.Models;

namespace Serving.Runtime.Batching.Probe;

/// <summary>
/// Compares rows run alone with the same rows run together, and finds the axis of each output along which the answers lie.
/// </summary>
internal sealed class OutputAxes(GraphSignature signature)
{
    /// <summary>Rows run together may differ by rounding from rows run alone; this much of the largest magnitude is rounding.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Rows whose answers differ by less cannot show whether rows are kept apart.</summary>
    private const double Telling = 10 * Tolerance;

    /// <summary>Per output its batch axis, -1 for none; null with the reason where the rows' answers cannot be told apart.</summary>
    /// <param name="rows">The outputs of each row alone, in the order in which they ran together.</param>
    /// <param name="together">The outputs of all rows together.</param>
    /// <param name="reason">Why not.</param>
    public int[]? Find(IReadOnlyList<ProbeTensor[]> rows, ProbeTensor[] together, out string reason)
    {
        var axes = new int[together.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            var alone = rows.Select(r => r[i]).ToArray();
            if (FindAxis(alone, together[i]) is not { } axis)
            {
                reason = $"output '{signature.OutputNames[i]}' has shape {alone[0].Shape} for one row and {together[i].Shape} for {rows.Count}";
                return null;
            }

            var difference = Compare(alone, together[i], axis);
            if (!(difference <= Tolerance))
            {
                reason = $"output '{signature.OutputNames[i]}' differs by {difference:0.#e+0} of its largest magnitude when rows run together";
                return null;
            }

            axes[i] = axis;
        }

        reason = "";
        return axes;
    }

    /// <summary>Whether the rows' answers differ enough to show that rows are kept apart.</summary>
    public static bool Tells(IReadOnlyList<ProbeTensor[]> rows) => Enumerable.Range(0, rows[0].Length).Any(i =>
        rows.Skip(1).All(row => row[i].Shape == rows[0][i].Shape && TensorDifference.Measure(rows[0][i], row[i]) > Telling));

    private static double Compare(ProbeTensor[] alone, ProbeTensor together, int axis) => axis >= 0
        ? TensorDifference.Measure(ProbeTensor.Join(alone, axis), together)
        : alone.Max(row => TensorDifference.Measure(row, together));

    // -1 where nothing grew with the rows, null where the growth is not that of one axis.
    private static int? FindAxis(ProbeTensor[] alone, ProbeTensor together)
    {
        var shape = alone[0].Shape;
        if (alone.Any(row => row.Shape != shape) || shape.Rank != together.Shape.Rank)
        {
            return null;
        }

        int? found = null;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] == together.Shape[axis])
            {
                continue;
            }

            if (found is not null || shape[axis] * alone.Length != together.Shape[axis])
            {
                return null;
            }

            found = axis;
        }

        return found ?? -1;
    }
}
