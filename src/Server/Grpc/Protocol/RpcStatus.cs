using Serving.Runtime.Inference;
using Serving.Server.Errors;

namespace Serving.Server.Grpc.Protocol;

/// <summary>How a call ended.</summary>
/// <param name="Code">The status code.</param>
/// <param name="Message">A sentence for the user; empty where the call succeeded.</param>
internal readonly record struct RpcStatus(StatusCode Code, string Message)
{
    public static RpcStatus Ok { get; } = new(StatusCode.Ok, "");

    public static RpcStatus DeadlineExceeded { get; } = From(InferenceFailure.DeadlineExceeded);

    public static RpcStatus Cancelled { get; } = From(InferenceFailure.Cancelled);

    /// <summary>When a client may try again, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RpcStatus From(InferenceFailure? failure) => failure is null
        ? Ok
        : new RpcStatus(ErrorTable.ToGrpcStatus(failure.Error), failure.Message) { RetryAfter = failure.RetryAfter };
}
