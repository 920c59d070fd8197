using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Serving.Server.Transfer;

namespace Serving.Server.Grpc.Protocol;

/// <summary>Writes the messages of a call, each as one frame, to the response's body. Does not flush.</summary>
/// <param name="pipe">The response's body.</param>
internal sealed class MessageWriter(PipeWriter pipe)
{
    private static readonly PipeOptions Unbounded = new(pauseWriterThreshold: 0, useSynchronizationContext: false);

    /// <summary>How messages are compressed.</summary>
    public MessageEncoding Encoding { get; set; }

    public ValueTask WriteAsync<TMessage>(TMessage message, CancellationToken cancellationToken)
        where TMessage : IWireMessage
    {
        // Nothing is sent as it is: not every client can decompress what .NET makes of nothing.
        if (Encoding != MessageEncoding.Identity && message.Length > 0)
        {
            return WriteCompressedAsync(message, cancellationToken);
        }

        WritePrefix(compressed: false, message.Length);
        return message.WriteToAsync(pipe, cancellationToken);
    }

    private async ValueTask WriteCompressedAsync<TMessage>(TMessage message, CancellationToken cancellationToken)
        where TMessage : IWireMessage
    {
        // The frame says how long the compressed message is, so it is compressed as a whole first.
        var compressed = new Pipe(Unbounded);
        await using (var stream = Encoding.Compress(compressed.Writer.AsStream()))
        {
            var plain = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
            await message.WriteToAsync(plain, cancellationToken);
            await plain.CompleteAsync();
        }

        await compressed.Writer.CompleteAsync();
        compressed.Reader.TryRead(out var read);
        WritePrefix(compressed: true, checked((int)read.Buffer.Length));
        try
        {
            await CopyAsync(read.Buffer, cancellationToken);
        }
        finally
        {
            await compressed.Reader.CompleteAsync();
        }
    }

    /// <summary>Flushes as often as an uncompressed message would, so that a slow client does not hold a second copy.</summary>
    private async ValueTask CopyAsync(ReadOnlySequence<byte> message, CancellationToken cancellationToken)
    {
        for (; message.Length > TransferLimits.Piece; message = message.Slice(TransferLimits.Piece))
        {
            foreach (var segment in message.Slice(0, TransferLimits.Piece))
            {
                pipe.Write(segment.Span);
            }

            var flushed = await pipe.FlushAsync(cancellationToken);
            if (flushed.IsCompleted)
            {
                return;
            }
        }

        foreach (var segment in message)
        {
            pipe.Write(segment.Span);
        }
    }

    private void WritePrefix(bool compressed, int length)
    {
        var prefix = pipe.GetSpan(MessageReader.PrefixLength);
        prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        pipe.Advance(MessageReader.PrefixLength);
    }
}
