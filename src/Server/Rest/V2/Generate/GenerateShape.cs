using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.V2.Generate;

/// <summary>Finds the shape of values that come without one, as Triton's generate extension does.</summary>
internal static class GenerateShape
{
    /// <summary>
    /// So many elements in the model's shape: fixed axes take their part, the innermost that varies takes the rest and the others
    /// one. Null where that does not come out even.
    /// </summary>
    public static TensorShape? Fit(TensorSignature input, long count)
    {
        if (!input.HasRank)
        {
            return new TensorShape(count);
        }

        var axes = input.Shape.ToArray();
        var left = count;
        foreach (var axis in axes)
        {
            if (axis >= 0 && (axis == 0 ? left != 0 : left % axis != 0))
            {
                return null;
            }

            left = axis switch { < 0 => left, 0 => 1, _ => left / axis };
        }

        for (var i = axes.Length - 1; i >= 0; i--)
        {
            if (axes[i] < 0)
            {
                (axes[i], left) = (left, 1);
            }
        }

        return left == 1 ? new TensorShape(axes) : null;
    }
}
