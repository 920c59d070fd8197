using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Runtime.Pooling;
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

    private readonly TransferLimits _transfer = new(options.Value.TransferTimeout, time);
    private readonly long _messageLimit = options.Value.MaxRequestBytes;
    private readonly ReusePool<SteppedRun> _runs = new(RunMaker(new TransferLimits(options.Value.TransferTimeout, time), options.Value.MaxRequestBytes));

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

    /// <summary>Answers a request. Must be awaited, once.</summary>
    public ValueTask RunAsync(HttpContext context, RpcMethod method)
    {
        if (!IsGrpc(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return default;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            // Without trailers there is no way to send a status.
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "h2c";
            context.Response.Headers.Connection = "Upgrade";
            return default;
        }

        context.Response.ContentType = ContentType;
        LiftBodyLimits(context, method.IsStreaming);
        var known = MessageEncodings.TryParse(context.Request.Headers["grpc-encoding"], out var encoding);
        if (method.Steps is not { } steps)
        {
            var call = new RpcCall(_transfer, _messageLimit);
            call.Begin(context, encoding);
            return RunAsync(call, method, known ? ReadTimeout(call) : RefuseEncoding(context));
        }

        var run = _runs.Rent();
        run.Call.Begin(context, encoding);
        return run.RunAsync(this, steps, known ? ReadTimeout(run.Call) : RefuseEncoding(context));
    }

    /// <summary>A run is over. Streams and what answers later may still hold others than those with steps.</summary>
    internal void Return(SteppedRun run)
    {
        if (run.IsReusable)
        {
            _runs.Return(run);
        }
    }

    /// <summary>Sends a call's status and lets go of what it used. Never fails.</summary>
    internal async ValueTask EndAsync(RpcCall call, RpcStatus status)
    {
        try
        {
            await call.EndAsync(status);
        }
        catch (Exception e)
        {
            Describe(call, e);
        }

        call.Dispose();
    }

    private static Func<SteppedRun> RunMaker(TransferLimits transfer, long messageLimit) => () => new SteppedRun(new RpcCall(transfer, messageLimit));

    private async ValueTask RunAsync(RpcCall call, RpcMethod method, InferenceFailure? refusal)
    {
        RpcStatus status;
        try
        {
            status = StatusOf(call, refusal ?? await method.Invoke(call));
        }
        catch (Exception e)
        {
            status = Describe(call, e);
        }

        await EndAsync(call, status);
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

    private static InferenceFailure RefuseEncoding(HttpContext context)
    {
        context.Response.Headers["grpc-accept-encoding"] = MessageEncodings.Accepted;
        return InferenceFailure.Unsupported(
            $"grpc-encoding '{context.Request.Headers["grpc-encoding"]}' is not supported; supported are {MessageEncodings.Accepted}");
    }

    private static InferenceFailure? ReadTimeout(RpcCall call)
    {
        if (call.GetMetadata("grpc-timeout") is not { } header)
        {
            return null;
        }

        if (!TimeoutHeader.TryParse(header, out var timeout))
        {
            return InferenceFailure.InvalidInput($"grpc-timeout '{header}' is not up to eight digits and one of the units H, M, S, m, u, n");
        }

        call.ShortenDeadline(timeout);
        return null;
    }

    /// <summary>What a call ends with, whose method has succeeded or failed.</summary>
    internal RpcStatus StatusOf(RpcCall call, InferenceFailure? failure)
    {
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

    /// <summary>What a call ends with, whose method has thrown.</summary>
    internal RpcStatus Describe(RpcCall call, Exception exception)
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
