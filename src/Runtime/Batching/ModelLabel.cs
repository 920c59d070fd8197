namespace Serving.Runtime.Batching;

/// <summary>What a model version is called in answers, metrics and messages.</summary>
internal sealed record ModelLabel(string Name, string Version);
