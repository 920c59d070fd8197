using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>An output of a run, where it lies; valid until the run is released.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Memory">Elements as in <see cref="Inference.OutputTensor"/>.</param>
internal readonly record struct RunOutput(ElementType Type, TensorShape Shape, ReadOnlyMemory<byte> Memory);
