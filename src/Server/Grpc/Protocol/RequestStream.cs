using Google.Protobuf;

namespace Serving.Server.Grpc.Protocol;

/// <summary>The requests of a streaming call. A request that cannot be read ends the stream, and the call with the reader's failure.</summary>
internal sealed class RequestStream<T>(RpcCall call, MessageParser<T> parser)
    where T : IMessage<T>
{
    private T? _current;

    /// <summary>The request that was read.</summary>
    public T Current => _current ?? throw new InvalidOperationException("No request has been read.");

    /// <summary>True with the next request; false at the end.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        if (!await call.Reader.MoveNextAsync(call.CancellationToken))
        {
            return false;
        }

        _current = ProtobufRequest.Parse(parser, call.Reader.Message);
        call.Reader.Release();
        return true;
    }
}
