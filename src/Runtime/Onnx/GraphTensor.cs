using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>An input of one run: native memory of the caller's, which must outlive the run.</summary>
/// <param name="Name">The graph's name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Data">Elements as in <see cref="Inference.InputTensor"/>.</param>
internal readonly record struct GraphTensor(string Name, ElementType Type, TensorShape Shape, PooledBuffer Data);
