using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>An input that a run is bound to.</summary>
/// <param name="Name">The graph's name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The extents.</param>
/// <param name="IsLent">Whether each run reads memory of somebody else's, and not a copy of the run's own.</param>
internal readonly record struct RunInput(string Name, ElementType Type, TensorShape Shape, bool IsLent = false);
