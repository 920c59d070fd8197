using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Hosting;
using Serving.Server.Transfer;

namespace Serving.Server.Grpc.Protocol;

/// <summary>
/// Takes an HTTP request through a call: refuses what is not gRPC, reads the headers, runs the method, and sends the status.
/// The only place where an exception becomes a status.
/// </summary>
internal sealed partial class CallRunner(TimeProvider time, IOptions<ServingOptions> options, ILogger<CallRunner> logger)
{
    private const string ContentType = "application/grpc";

    private readonly long _messageLimit = options.Value.MaxRequestBytes;
    private readonly TransferLimits _transfer = new(options.Value.TransferTimeout, time);

    /// <summary>Whether a content type is that of gRPC with protobuf messages.</summary>
    public static bool IsGrpc(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = contentType.AsSpan(ContentType.Length);
        rest = rest.StartsWith("+proto", StringComparison.OrdinalIgnoreCase) ? rest["+proto".Length..] : rest;
        return rest.IsEmpty || rest[0] is ';' or ' ';
    }

    public async Task RunAsync(HttpContext context, RpcMethod method)
    {
        if (!IsGrpc(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            // Without trailers there is no way to send a status.
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "h2c";
            context.Response.Headers.Connection = "Upgrade";
            return;
        }

        context.Response.ContentType = ContentType;
        LiftBodyLimits(context, method.IsStreaming);
        var known = MessageEncodings.TryParse(context.Request.Headers["grpc-encoding"], out var encoding);
        using var call = new RpcCall(context, _transfer, encoding, _messageLimit);
        var status = known ? await InvokeAsync(call, method) : RefuseEncoding(context);
        try
        {
            await call.EndAsync(status);
        }
        catch (Exception e)
        {
            Describe(call, e);
        }
    }

    /// <summary>The length of messages is limited by their reader, which also counts what it inflates.</summary>
    private static void LiftBodyLimits(HttpContext context, bool isStreaming)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (isStreaming && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private static RpcStatus RefuseEncoding(HttpContext context)
    {
        context.Response.Headers["grpc-accept-encoding"] = MessageEncodings.Accepted;
        return RpcStatus.From(InferenceFailure.Unsupported(
            $"grpc-encoding '{context.Request.Headers["grpc-encoding"]}' is not supported; supported are {MessageEncodings.Accepted}"));
    }

    private async ValueTask<RpcStatus> InvokeAsync(RpcCall call, RpcMethod method)
    {
        try
        {
            if (call.GetMetadata("grpc-timeout") is { } header)
            {
                if (!TimeoutHeader.TryParse(header, out var timeout))
                {
                    return RpcStatus.From(InferenceFailure.InvalidInput(
                        $"grpc-timeout '{header}' is not up to eight digits and one of the units H, M, S, m, u, n"));
                }

                call.ShortenDeadline(timeout);
            }

            var failure = await method.Invoke(call);
            if (failure is null)
            {
                return RpcStatus.Ok;
            }

            // A deadline cancels what runs, which can but say that it was cancelled.
            var status = failure.Error == InferenceError.Cancelled && call.DeadlinePassed
                ? RpcStatus.DeadlineExceeded
                : RpcStatus.From(failure);
            LogFailed(call.Http.Request.Path, status.Code, status.Message);
            return status;
        }
        catch (Exception e)
        {
            return Describe(call, e);
        }
    }

    private RpcStatus Describe(RpcCall call, Exception exception)
    {
        if (exception is OperationCanceledException && call.DeadlinePassed)
        {
            return RpcStatus.DeadlineExceeded;
        }

        if (exception is OperationCanceledException || call.Http.RequestAborted.IsCancellationRequested)
        {
            return RpcStatus.Cancelled;
        }

        if (exception is InvalidProtocolBufferException or MalformedMessageException)
        {
            return RpcStatus.From(InferenceFailure.InvalidInput($"the request is not a valid protobuf message: {exception.Message}"));
        }

        LogException(exception, call.Http.Request.Path);
        return new RpcStatus(StatusCode.Internal, "the server failed to answer because of a fault of its own; its log has the details");
    }
}
