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
        long total = 0;
        try
        {
            int read;
            while ((read = source.Read(target.GetSpan(BlockBytes))) > 0)
            {
                total += read;
                if (total > limit)
                {
                    return InferenceFailure.TooLarge(
                        $"the message is longer than {limit} bytes when decompressed from {compressed.Length}; the server accepts at most {limit} (option --max-request-bytes)");
                }

                target.Advance(read);
            }

            return null;
        }
        catch (InvalidDataException e)
        {
            return InferenceFailure.InvalidInput($"the message cannot be decompressed as {encoding.Name()}: {e.Message}");
        }
    }
}
