using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks;

/// <summary>Declares inputs and outputs of tasks.</summary>
internal static class TensorSignatures
{
    /// <summary>The first axis of what has a row for each of a request.</summary>
    private const string Rows = "rows";

    /// <summary>Texts or files, one for each row.</summary>
    public static TensorSignature Bytes(string name, bool optional = false) => new(name, ElementType.Bytes, new TensorShape(-1), [Rows], optional);

    /// <summary>A tensor with a row for each of the request; the other axes as named, those that vary -1.</summary>
    public static TensorSignature PerRow(string name, ElementType type, params (string Name, long Extent)[] axes) =>
        new(name, type, new TensorShape([-1, .. axes.Select(axis => axis.Extent)]), [Rows, .. axes.Select(axis => axis.Name)]);
}
