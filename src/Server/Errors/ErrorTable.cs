using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Errors;

/// <summary>What each failure is called on the wire: one table for HTTP, one for gRPC, side by side.</summary>
internal static class ErrorTable
{
    public static int ToHttpStatus(InferenceError error) => error switch
    {
        InferenceError.NotFound => StatusCodes.Status404NotFound,
        InferenceError.NotReady => StatusCodes.Status503ServiceUnavailable,
        InferenceError.InvalidInput => StatusCodes.Status400BadRequest,
        InferenceError.TooLarge => StatusCodes.Status413PayloadTooLarge,
        InferenceError.Overloaded => StatusCodes.Status503ServiceUnavailable,
        InferenceError.DeadlineExceeded => StatusCodes.Status504GatewayTimeout,
        InferenceError.Cancelled => StatusCodes.Status499ClientClosedRequest,
        InferenceError.AlreadyExists => StatusCodes.Status400BadRequest,
        InferenceError.Unauthorised => StatusCodes.Status401Unauthorized,
        InferenceError.Forbidden => StatusCodes.Status403Forbidden,
        InferenceError.Unsupported => StatusCodes.Status501NotImplemented,
        InferenceError.BackendFailed => StatusCodes.Status500InternalServerError,
        InferenceError.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "a failure without an HTTP status"),
    };

    public static StatusCode ToGrpcStatus(InferenceError error) => error switch
    {
        InferenceError.NotFound => StatusCode.NotFound,
        InferenceError.NotReady => StatusCode.Unavailable,
        InferenceError.InvalidInput => StatusCode.InvalidArgument,
        InferenceError.TooLarge => StatusCode.ResourceExhausted,
        InferenceError.Overloaded => StatusCode.ResourceExhausted,
        InferenceError.DeadlineExceeded => StatusCode.DeadlineExceeded,
        InferenceError.Cancelled => StatusCode.Cancelled,
        InferenceError.AlreadyExists => StatusCode.AlreadyExists,
        InferenceError.Unauthorised => StatusCode.Unauthenticated,
        InferenceError.Forbidden => StatusCode.PermissionDenied,
        InferenceError.Unsupported => StatusCode.Unimplemented,
        InferenceError.BackendFailed => StatusCode.Internal,
        InferenceError.Unavailable => StatusCode.Unavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "a failure without a gRPC status"),
    };
}
