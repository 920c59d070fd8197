using Serving.Runtime.Inference;
using Serving.Server.Errors;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Tests.Errors;

public sealed class ErrorTableTests
{
    public static TheoryData<InferenceError> AllErrors => [.. Enum.GetValues<InferenceError>()];

    [Theory]
    [MemberData(nameof(AllErrors))]
    public void EveryError_HasAnHttpErrorStatusAndAGrpcErrorStatus(InferenceError error)
    {
        Assert.InRange(ErrorTable.ToHttpStatus(error), 400, 599);
        Assert.InRange((int)ErrorTable.ToGrpcStatus(error), 1, 16);
    }

    [Fact]
    public void Rows_AreThose_ThatClientsRelyOn()
    {
        Assert.Equal(
            [
                (InferenceError.NotFound, 404, StatusCode.NotFound),
                (InferenceError.NotReady, 503, StatusCode.Unavailable),
                (InferenceError.InvalidInput, 400, StatusCode.InvalidArgument),
                (InferenceError.TooLarge, 413, StatusCode.ResourceExhausted),
                (InferenceError.Overloaded, 503, StatusCode.ResourceExhausted),
                (InferenceError.DeadlineExceeded, 504, StatusCode.DeadlineExceeded),
                (InferenceError.Cancelled, 499, StatusCode.Cancelled),
                (InferenceError.AlreadyExists, 400, StatusCode.AlreadyExists),
                (InferenceError.Unauthorised, 401, StatusCode.Unauthenticated),
                (InferenceError.Forbidden, 403, StatusCode.PermissionDenied),
                (InferenceError.Unsupported, 501, StatusCode.Unimplemented),
                (InferenceError.BackendFailed, 500, StatusCode.Internal),
                (InferenceError.Unavailable, 503, StatusCode.Unavailable),
            ],
            Enum.GetValues<InferenceError>().Select(e => (e, ErrorTable.ToHttpStatus(e), ErrorTable.ToGrpcStatus(e))));
    }

    [Fact]
    public void AValueOutsideTheSet_IsABug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorTable.ToHttpStatus((InferenceError)200));
        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorTable.ToGrpcStatus((InferenceError)200));
    }
}
