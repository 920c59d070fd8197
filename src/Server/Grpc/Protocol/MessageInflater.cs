using System.Buffers;
using System.IO.Pipelines;
using Serving.Runtime.Inference;

namespace Serving.Server.Grpc.Protocol;

/// <summary>Inflates one message into pooled memory, and stops as soon as it exceeds the limit.</summary>
internal static class MessageInflater
{
    private const int BlockBytes = 64 * 1024;

    private static readonly PipeOptions Unbounded = new(pauseWriterThreshold: 0, minimumSegmentSize: BlockBytes, useSynchronizationContext: false);

    /// <summary>The inflated message, held by the returned pipe until its reader is completed.</summary>
    public static Outcome<Pipe> Inflate(in ReadOnlySequence<byte> compressed, MessageEncoding encoding, long limit)
    {
        var pipe = new Pipe(Unbounded);
        var failure = Copy(compressed, encoding, limit, pipe.Writer);
        pipe.Writer.Complete();
        if (failure is null)
        {
            return pipe;
        }

        pipe.Reader.Complete();
        return failure;
    }

    private static InferenceFailure? Copy(in ReadOnlySequence<byte> compressed, MessageEncoding encoding, long limit, PipeWriter target)
    {
        using var source = encoding.Inflate(PipeReader.Create(compressed).AsStream());
        var trailer = new InflatedTrailer(encoding);
        long total = 0;
        try
        {
            while (true)
            {
                var block = target.GetSpan(BlockBytes);
                var read = source.Read(block);
                if (read == 0)
                {
                    break;
                }

                total += read;
                if (total > limit)
                {
                    return InferenceFailure.TooLarge(
                        $"the message is longer than {limit} bytes when decompressed from {compressed.Length}; the server accepts at most {limit} (option --max-request-bytes)");
                }

                trailer.Append(block[..read]);
                target.Advance(read);
            }

            return trailer.Closes(compressed) ? null : Broken(encoding, "it is cut off");
        }
        catch (InvalidDataException e)
        {
            return Broken(encoding, e.Message);
        }
    }

    private static InferenceFailure Broken(MessageEncoding encoding, string reason) =>
        InferenceFailure.InvalidInput($"the message cannot be decompressed as {encoding.Name()}: {reason}");
}
