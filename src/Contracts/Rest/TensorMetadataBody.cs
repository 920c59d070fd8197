namespace Serving.Contracts.Rest;

/// <summary>An input or output in a model's metadata; -1 in the shape is an axis that varies.</summary>
public sealed record TensorMetadataBody(string Name, string Datatype, IReadOnlyList<long> Shape);
