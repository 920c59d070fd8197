using System.Buffers;
using Google.Protobuf;

namespace Serving.Server.Grpc.Protocol;

/// <summary>Parses the requests of methods that use generated messages.</summary>
internal static class ProtobufRequest
{
    /// <exception cref="InvalidProtocolBufferException">The message is malformed.</exception>
    /// <exception cref="MalformedMessageException">The message is malformed in a way that Google's parser does not foresee.</exception>
    public static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> message)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(message);
        }
        catch (Exception e) when (e is not InvalidProtocolBufferException)
        {
            // Lengths near 2^31 make the parser's own sums overflow, and it then reads outside of its buffer.
            throw new MalformedMessageException("a length exceeds the message", e);
        }
    }
}
