using Serving.Runtime.Tensors;

namespace Serving.Runtime.Inference;

/// <summary>One output of a response.</summary>
/// <param name="Name">The model's name for it.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The extents, row-major.</param>
/// <param name="Data">Laid out as in <see cref="InputTensor"/>; valid until the response is disposed.</param>
public readonly record struct OutputTensor(string Name, ElementType Type, TensorShape Shape, ReadOnlyMemory<byte> Data);
