using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Protocol;

/// <summary>A method in two steps with the engine between them, so that a call waits in one place only.</summary>
/// <param name="Infer">Reads the request and gives it to the engine.</param>
/// <param name="Respond">Writes the answer; null where it could be. Called whatever the outcome is, once <paramref name="Infer"/> has not thrown.</param>
internal sealed record InferSteps(
    Func<RpcCall, ValueTask<Outcome<InferenceResponse>>> Infer,
    Func<RpcCall, Outcome<InferenceResponse>, ValueTask<InferenceFailure?>> Respond);
