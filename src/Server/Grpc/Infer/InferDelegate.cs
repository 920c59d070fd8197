using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Infer;

/// <summary>Runs a request: the engine's <see cref="Runtime.InferenceEngine.InferAsync"/>.</summary>
internal delegate ValueTask<Outcome<InferenceResponse>> InferDelegate(InferenceRequest request, CancellationToken cancellationToken);
