using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>
/// A feature of an example is a value or a flat list, as in TensorFlow's Example; the shape of a row is what the model declares.
/// </summary>
internal static class FeatureShape
{
    /// <summary>Turns the shape that a feature's nesting has into that of the input's row. False where its values do not fill one.</summary>
    /// <param name="input">The input.</param>
    /// <param name="dims">The extents of the nesting, replaced; there is room for any shape.</param>
    /// <param name="rank">How many of them there are, replaced.</param>
    public static bool TryResolve(TensorSignature input, Span<long> dims, ref int rank)
    {
        if (!input.HasRank || input.Shape.Rank == 0 || input.Shape.Rank > dims.Length || rank > 1)
        {
            return true;
        }

        var count = rank == 0 ? 1 : dims[0];
        var row = input.Shape.Dims[1..];
        var (known, open) = (1L, -1);
        for (var axis = 0; axis < row.Length; axis++)
        {
            if (row[axis] < 0 && open >= 0)
            {
                return false;
            }

            open = row[axis] < 0 ? axis : open;
            known *= row[axis] < 0 ? 1 : row[axis];
        }

        row.CopyTo(dims);
        rank = row.Length;
        if (open < 0)
        {
            return known == count;
        }

        dims[open] = known == 0 ? 0 : count / known;
        return dims[open] * known == count;
    }
}
