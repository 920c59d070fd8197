using Google.Protobuf;

namespace Serving.Server.Grpc.Protocol;

/// <summary>The responses of a streaming call.</summary>
internal readonly struct ResponseStream<T>(RpcCall call)
    where T : IMessage<T>
{
    /// <summary>Sends a response at once.</summary>
    public ValueTask WriteAsync(T response) => call.WriteAsync(new ProtobufMessage(response), flush: true);
}
