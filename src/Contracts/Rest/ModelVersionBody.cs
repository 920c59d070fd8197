namespace Serving.Contracts.Rest;

/// <summary>A model version as TensorFlow Serving describes it.</summary>
public sealed record ModelVersionBody(string Version, string State, ModelVersionHealthBody Status);
