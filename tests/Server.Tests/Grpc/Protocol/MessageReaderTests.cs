using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Transfer;

namespace Serving.Server.Tests.Grpc.Protocol;

/// <summary>Damaged streams are tried in tests/Fuzz.</summary>
public class MessageReaderTests
{
    private const long Limit = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(900_000)]
    public async Task ReadSingleAsync_MessageInPieces_IsReadWhole(int length)
    {
        var body = RandomBytes(length);
        var reader = Reader(Frame(body), pieces: length > 1000 ? 7777 : 1);

        Assert.Null(await ReadSingleAsync(reader));

        Assert.Equal(body, reader.Message.ToArray());
        reader.Release();
        Assert.True(reader.Message.IsEmpty);
    }

    [Fact]
    public async Task Release_ClientHasResetTheStream_GivesBackWithoutAWord()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Frame([1, 2, 3]));
        await pipe.Writer.CompleteAsync();
        var reader = new MessageReader(new ResetReader(pipe.Reader), MessageEncoding.Identity, Limit);
        Assert.Null(await ReadSingleAsync(reader));

        reader.Release();

        Assert.True(reader.Message.IsEmpty);
    }

    [Fact]
    public async Task MoveNextAsync_SeveralMessages_AreReadInOrder()
    {
        byte[][] bodies = [[], RandomBytes(3), RandomBytes(100_000), [], RandomBytes(70_000), RandomBytes(1)];
        var reader = Reader([.. bodies.SelectMany(body => Frame(body))], pieces: 1000);

        foreach (var body in bodies)
        {
            Assert.True(await MoveNextAsync(reader));
            Assert.Equal(body, reader.Message.ToArray());
        }

        Assert.False(await MoveNextAsync(reader));
        Assert.Null(reader.Failure);
    }

    [Fact]
    public async Task MoveNextAsync_EmptyMessageOnOpenStream_DoesNotWaitForMore()
    {
        var pipe = new Pipe();
        var reader = new MessageReader(pipe.Reader, MessageEncoding.Identity, Limit);
        await pipe.Writer.WriteAsync(Frame([]));

        Assert.True(await MoveNextAsync(reader));
        Assert.True(reader.Message.IsEmpty);
    }

    [Theory]
    [InlineData(MessageEncoding.Gzip)]
    [InlineData(MessageEncoding.Deflate)]
    internal async Task ReadSingleAsync_CompressedMessage_IsInflated(MessageEncoding encoding)
    {
        var body = RandomBytes(200_000);
        var reader = Reader(Frame(Compress(body, encoding), compressed: true), pieces: 999, encoding);

        Assert.Null(await ReadSingleAsync(reader));

        Assert.Equal(body, reader.Message.ToArray());
        reader.Release();
    }

    [Fact]
    public async Task ReadSingleAsync_PlainMessageInCompressedCall_IsReadAsItIs()
    {
        var reader = Reader(Frame([1, 2]), encoding: MessageEncoding.Gzip);

        Assert.Null(await ReadSingleAsync(reader));

        Assert.Equal([1, 2], reader.Message.ToArray());
    }

    [Fact]
    public async Task ReadSingleAsync_EmptyCompressedMessage_IsEmpty()
    {
        var reader = Reader(Frame(Compress([], MessageEncoding.Gzip), compressed: true), encoding: MessageEncoding.Gzip);

        Assert.Null(await ReadSingleAsync(reader));

        Assert.True(reader.Message.IsEmpty);
        reader.Release();
    }

    [Fact]
    public async Task ReadSingleAsync_LongerThanLimit_IsTooLargeBeforeItIsRead()
    {
        var prefix = new byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(prefix.AsSpan(1), 3_000_000_000);

        await AssertFailsAsync(
            Reader(prefix), InferenceError.TooLarge, "the message is 3000000000 bytes; the server accepts at most 1000000 (option --max-request-bytes)");
    }

    [Theory]
    [InlineData(MessageEncoding.Gzip)]
    [InlineData(MessageEncoding.Deflate)]
    internal async Task ReadSingleAsync_Bomb_IsTooLargeWhileInflating(MessageEncoding encoding)
    {
        var bomb = Compress(new byte[80_000_000], encoding);
        var reader = Reader(Frame(bomb, compressed: true), pieces: 100_000, encoding);
        var before = GC.GetAllocatedBytesForCurrentThread();

        await AssertFailsAsync(
            reader,
            InferenceError.TooLarge,
            $"the message is longer than 1000000 bytes when decompressed from {bomb.Length}; the server accepts at most 1000000 (option --max-request-bytes)");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public async Task ReadSingleAsync_GarbageInsteadOfGzip_IsInvalid()
    {
        var failure = await ReadSingleAsync(Reader(Frame(RandomBytes(100), compressed: true), encoding: MessageEncoding.Gzip));

        Assert.Equal(InferenceError.InvalidInput, failure?.Error);
        Assert.StartsWith("the message cannot be decompressed as gzip", failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MessageEncoding.Gzip)]
    [InlineData(MessageEncoding.Deflate)]
    internal async Task ReadSingleAsync_CompressedMessageCutOff_IsInvalid(MessageEncoding encoding)
    {
        var compressed = Compress(RandomBytes(10_000), encoding);

        var failure = await ReadSingleAsync(Reader(Frame(compressed[..5000], compressed: true), encoding: encoding));

        Assert.Equal(InferenceError.InvalidInput, failure?.Error);
    }

    [Fact]
    public async Task ReadSingleAsync_CompressedFlagWithoutEncoding_IsInvalid()
    {
        await AssertFailsAsync(
            Reader(Frame([1], compressed: true)),
            InferenceError.InvalidInput,
            "the message is marked as compressed, but the header grpc-encoding names no encoding");
    }

    [Fact]
    public async Task ReadSingleAsync_OtherFlag_IsInvalid()
    {
        await AssertFailsAsync(Reader([2, 0, 0, 0, 0]), InferenceError.InvalidInput, "the message's first byte is 2; it must be 0 (plain) or 1 (compressed)");
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(8, 10)]
    public async Task ReadSingleAsync_StreamEndsEarly_IsInvalid(int received, int expected)
    {
        var frame = Frame(RandomBytes(10));
        var counted = received < 5 ? received : received - 5;

        await AssertFailsAsync(
            Reader(frame[..received]), InferenceError.InvalidInput, $"the request ends in the middle of a message: {counted} of {expected} bytes came");
    }

    [Fact]
    public async Task ReadSingleAsync_LongMessageEndsEarly_IsInvalid()
    {
        await AssertFailsAsync(
            Reader(Frame(RandomBytes(100_000))[..70_005], pieces: 5000),
            InferenceError.InvalidInput,
            "the request ends in the middle of a message: 70000 of 100000 bytes came");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100_000)]
    public async Task ReadSingleAsync_SecondMessage_IsUnsupported(int length)
    {
        await AssertFailsAsync(
            Reader([.. Frame(RandomBytes(length)), .. Frame([1])]),
            InferenceError.Unsupported,
            "this method takes exactly one request message, but the client sent more");
    }

    [Fact]
    public async Task ReadSingleAsync_NoMessage_IsUnsupported()
    {
        await AssertFailsAsync(Reader([]), InferenceError.Unsupported, "this method takes exactly one request message, but the client sent none");
    }

    [Fact]
    public async Task ReadSingleAsync_StreamBreaks_IsCancelled()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Frame(RandomBytes(10))[..8]);
        await pipe.Writer.CompleteAsync(new IOException("reset"));

        Assert.Same(InferenceFailure.Cancelled, await ReadSingleAsync(new MessageReader(pipe.Reader, MessageEncoding.Identity, Limit)));
    }

    [Fact]
    public async Task ReadSingleAsync_TokenCancelled_Throws()
    {
        var reader = new MessageReader(new Pipe().Reader, MessageEncoding.Identity, Limit);
        using var cancellation = new CancellationTokenSource();
        var reading = reader.ReadSingleAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience));
        reader.Release();
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(300_005)]
    public async Task ReadSingleAsync_ClientStops_IsTooLateAfterThePatienceForAPiece(int sent)
    {
        var (time, pipe) = (new ManualTime(), new Pipe(new PipeOptions(pauseWriterThreshold: 0)));
        var reader = new MessageReader(pipe.Reader, MessageEncoding.Identity, Limit, new TransferLimits(TimeSpan.FromSeconds(30), time));
        await pipe.Writer.WriteAsync(Frame(RandomBytes(300_000)).AsMemory(0, sent));
        var reading = ReadSingleAsync(reader);
        await time.WaitForTimerAsync().WaitAsync(Patience);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        var failure = await reading;
        Assert.Equal(InferenceError.DeadlineExceeded, failure?.Error);
        Assert.Equal("131072 bytes of the request, or its rest, took longer than 30 s (option --transfer-timeout)", failure?.Message);
        reader.Release();
    }

    [Fact]
    public async Task ReadSingleAsync_PieceAfterPiece_HasThePatienceForEach()
    {
        // Inline, so that what is written has been read when the clock moves on.
        var time = new ManualTime();
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var reader = new MessageReader(pipe.Reader, MessageEncoding.Identity, Limit, new TransferLimits(TimeSpan.FromSeconds(30), time));
        var frame = Frame(RandomBytes(900_000));
        await pipe.Writer.WriteAsync(frame.AsMemory(0, 1000));
        var reading = ReadSingleAsync(reader);
        await time.WaitForTimerAsync().WaitAsync(Patience);

        for (var at = 1000; at < frame.Length; at += TransferLimits.Piece)
        {
            time.Advance(TimeSpan.FromSeconds(29));
            await pipe.Writer.WriteAsync(frame.AsMemory(at, Math.Min(TransferLimits.Piece, frame.Length - at)));
        }

        await pipe.Writer.CompleteAsync();
        Assert.Null(await reading);
        Assert.Equal(900_000, reader.Message.Length);
        reader.Release();
    }

    private static byte[] Frame(byte[] body, bool compressed = false)
    {
        var frame = new byte[body.Length + 5];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)body.Length);
        body.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Compress(byte[] body, MessageEncoding encoding)
    {
        var compressed = new MemoryStream();
        using (Stream stream = encoding == MessageEncoding.Gzip
            ? new GZipStream(compressed, CompressionLevel.Fastest)
            : new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A reader of a stream that arrives in pieces of a given size.</summary>
    private static MessageReader Reader(byte[] stream, int pieces = 4096, MessageEncoding encoding = MessageEncoding.Identity)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        _ = FeedAsync();
        return new MessageReader(pipe.Reader, encoding, Limit);

        async Task FeedAsync()
        {
            for (var offset = 0; offset < stream.Length; offset += pieces)
            {
                await pipe.Writer.WriteAsync(stream.AsMemory(offset, Math.Min(pieces, stream.Length - offset)));
            }

            await pipe.Writer.CompleteAsync();
        }
    }

    private static Task<InferenceFailure?> ReadSingleAsync(MessageReader reader) => reader.ReadSingleAsync(CancellationToken.None).AsTask().WaitAsync(Patience);

    private static Task<bool> MoveNextAsync(MessageReader reader) => reader.MoveNextAsync(CancellationToken.None).AsTask().WaitAsync(Patience);

    private static async Task AssertFailsAsync(MessageReader reader, InferenceError error, string message)
    {
        var failure = await ReadSingleAsync(reader);
        Assert.Equal(message, failure?.Message);
        Assert.Equal(error, failure?.Error);
        reader.Release();
    }
}
