using System.Buffers;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Inference;

/// <summary>A tensor in the memory of whoever made it: an input, an output, or one on its way from one to the other.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Data">The elements, as in <see cref="InputTensor"/>.</param>
internal readonly record struct TensorView(ElementType Type, TensorShape Shape, ReadOnlySequence<byte> Data)
{
    /// <summary>The extent of the first axis; 1 for a tensor without axes.</summary>
    public int Rows => Shape.Rank == 0 ? 1 : (int)Math.Min(Shape[0], int.MaxValue);

    public static TensorView Of(in InputTensor input) => new(input.Type, input.Shape, input.Data);

    public static TensorView Of(in OutputTensor output) => new(output.Type, output.Shape, new ReadOnlySequence<byte>(output.Data));

    public InputTensor ToInput(string name) => new(name, Type, Shape, Data);

    /// <summary>As an output, which lies in one piece: copied where it does not.</summary>
    public OutputTensor ToOutput(string name) => new(name, Type, Shape, Data.IsSingleSegment ? Data.First : Data.ToArray());
}
