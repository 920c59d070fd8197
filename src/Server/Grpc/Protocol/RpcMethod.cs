using Google.Protobuf;
using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Protocol;

/// <summary>A method that can be called.</summary>
/// <param name="Service">The service's full name.</param>
/// <param name="Name">The method's name.</param>
/// <param name="IsStreaming">Whether the client may leave the request open for long.</param>
/// <param name="Invoke">Answers a call; null where it succeeded.</param>
internal sealed record RpcMethod(string Service, string Name, bool IsStreaming, Func<RpcCall, ValueTask<InferenceFailure?>> Invoke)
{
    /// <summary>What is called in place of <see cref="Invoke"/>, where the method has steps.</summary>
    public InferSteps? Steps { get; private init; }

    /// <summary>The path of the method's requests.</summary>
    public string Path => $"/{Service}/{Name}";

    /// <summary>One request, one response of the engine's.</summary>
    public static RpcMethod Inference(string service, string name, InferSteps steps) =>
        new(service, name, IsStreaming: false, async call => await steps.Respond(call, await steps.Infer(call))) { Steps = steps };

    /// <summary>One request, one response.</summary>
    public static RpcMethod Unary<TRequest, TResponse>(
        string service,
        string name,
        MessageParser<TRequest> parser,
        Func<RpcCall, TRequest, ValueTask<Outcome<TResponse>>> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        return new RpcMethod(service, name, IsStreaming: false, async call =>
        {
            if (await call.Reader.ReadSingleAsync(call.CancellationToken) is { } unreadable)
            {
                return unreadable;
            }

            var request = ProtobufRequest.Parse(parser, call.Reader.Message);
            call.Reader.Release();
            var outcome = await handler(call, request);
            if (outcome.TryGetValue(out var response, out var failure))
            {
                await call.WriteAsync(new ProtobufMessage(response), flush: false);
            }

            return failure;
        });
    }

    /// <summary>One request, any number of responses.</summary>
    public static RpcMethod ServerStreaming<TRequest, TResponse>(
        string service,
        string name,
        MessageParser<TRequest> parser,
        Func<RpcCall, TRequest, ResponseStream<TResponse>, ValueTask<InferenceFailure?>> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        return new RpcMethod(service, name, IsStreaming: true, async call =>
        {
            if (await call.Reader.ReadSingleAsync(call.CancellationToken) is { } unreadable)
            {
                return unreadable;
            }

            var request = ProtobufRequest.Parse(parser, call.Reader.Message);
            call.Reader.Release();
            return await handler(call, request, new ResponseStream<TResponse>(call));
        });
    }

    /// <summary>Any number of requests and responses, in any order.</summary>
    public static RpcMethod Duplex<TRequest, TResponse>(
        string service,
        string name,
        MessageParser<TRequest> parser,
        Func<RpcCall, RequestStream<TRequest>, ResponseStream<TResponse>, ValueTask<InferenceFailure?>> handler)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        return new RpcMethod(service, name, IsStreaming: true, async call =>
        {
            var requests = new RequestStream<TRequest>(call, parser);
            return await handler(call, requests, new ResponseStream<TResponse>(call)) ?? call.Reader.Failure;
        });
    }
}
