using System.Buffers;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Ensembles;

/// <summary>A tensor on its way between steps, in the memory of whoever made it.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Data">The elements, as in <see cref="InputTensor"/>.</param>
internal readonly record struct EnsembleTensor(ElementType Type, TensorShape Shape, ReadOnlySequence<byte> Data)
{
    /// <summary>The extent of the first axis; 1 for a tensor without axes.</summary>
    public int Rows => Shape.Rank == 0 ? 1 : (int)Math.Min(Shape[0], int.MaxValue);

    public static EnsembleTensor Of(in InputTensor input) => new(input.Type, input.Shape, input.Data);

    public static EnsembleTensor Of(in OutputTensor output) => new(output.Type, output.Shape, new ReadOnlySequence<byte>(output.Data));

    public InputTensor ToInput(string name) => new(name, Type, Shape, Data);

    /// <summary>As an output, which lies in one piece: copied where it does not.</summary>
    public OutputTensor ToOutput(string name) => new(name, Type, Shape, Data.IsSingleSegment ? Data.First : Data.ToArray());
}
