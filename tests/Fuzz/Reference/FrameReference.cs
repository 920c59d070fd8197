using System.Buffers.Binary;
using System.IO.Compression;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;

namespace Serving.Fuzz.Reference;

/// <summary>Cuts the body of a gRPC call into messages the simple way: all of it at once.</summary>
/// <param name="Messages">The messages up to the first fault, inflated.</param>
/// <param name="Error">The fault; null where there is none.</param>
internal sealed record FrameReference(IReadOnlyList<byte[]> Messages, InferenceError? Error)
{
    private const int Prefix = 5;

    public static FrameReference Read(ReadOnlySpan<byte> stream, MessageEncoding encoding, int limit)
    {
        List<byte[]> messages = [];
        while (!stream.IsEmpty)
        {
            if (stream.Length < Prefix || stream[0] > 1 || (stream[0] == 1 && encoding == MessageEncoding.Identity))
            {
                return new FrameReference(messages, InferenceError.InvalidInput);
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(stream[1..]);
            if (length > limit)
            {
                return new FrameReference(messages, InferenceError.TooLarge);
            }

            if (length > stream.Length - Prefix)
            {
                return new FrameReference(messages, InferenceError.InvalidInput);
            }

            var message = stream.Slice(Prefix, (int)length).ToArray();
            if (stream[0] == 1 && Inflate(ref message, encoding, limit) is { } error)
            {
                return new FrameReference(messages, error);
            }

            messages.Add(message);
            stream = stream[(Prefix + (int)length)..];
        }

        return new FrameReference(messages, null);
    }

    private static InferenceError? Inflate(ref byte[] message, MessageEncoding encoding, int limit)
    {
        using Stream source = encoding == MessageEncoding.Gzip
            ? new GZipStream(new MemoryStream(message), CompressionMode.Decompress)
            : new ZLibStream(new MemoryStream(message), CompressionMode.Decompress);
        var inflated = new byte[limit + 1];
        try
        {
            var length = source.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
            message = inflated[..length];
            return length > limit ? InferenceError.TooLarge : null;
        }
        catch (InvalidDataException)
        {
            return InferenceError.InvalidInput;
        }
    }
}
