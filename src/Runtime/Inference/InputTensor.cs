using System.Buffers;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Inference;

/// <summary>One input of a request.</summary>
/// <param name="Name">The model's name for it.</param>
/// <param name="Type">The element type that the client declared.</param>
/// <param name="Shape">The whole batch's extents, row-major.</param>
/// <param name="Data">
/// Little-endian elements without padding; for <see cref="ElementType.Bytes"/> a 32-bit length before each element.
/// The memory stays the caller's and must not change until the inference has completed.
/// </param>
public readonly record struct InputTensor(string Name, ElementType Type, TensorShape Shape, ReadOnlySequence<byte> Data);
