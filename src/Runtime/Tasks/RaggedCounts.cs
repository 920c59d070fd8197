using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks;

/// <summary>The output that says how many things each row of a ragged answer has.</summary>
internal static class RaggedCounts
{
    public static TensorSignature Output { get; } = TensorSignatures.PerRow("count", ElementType.Int64);
}
