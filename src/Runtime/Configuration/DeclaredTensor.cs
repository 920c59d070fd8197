using System.Collections.Immutable;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Configuration;

/// <summary>An input or output as a configuration declares it.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">Its element type; null where not given.</param>
/// <param name="Dims">Its extents including the batch axis, -1 where it varies; default where not given.</param>
/// <param name="Format">How an image lies in an input.</param>
public sealed record DeclaredTensor(string Name, ElementType? Type, ImmutableArray<long> Dims, TensorFormat Format = TensorFormat.None);
