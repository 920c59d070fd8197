namespace Serving.Contracts.Rest;

/// <summary>Why a model version is in its state, in the terms of TensorFlow Serving.</summary>
public sealed record ModelVersionHealthBody(string ErrorCode, string ErrorMessage);
