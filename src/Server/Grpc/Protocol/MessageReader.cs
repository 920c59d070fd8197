using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Transfer;

namespace Serving.Server.Grpc.Protocol;

/// <summary>
/// Reads the messages of a call: five bytes of prefix (compressed or not, length), then the message.
/// A message's memory is valid until <see cref="Release"/> or the next message. Not safe for several threads.
/// </summary>
/// <param name="limit">The longest message accepted, compressed or not.</param>
/// <param name="transfer">How long each piece of a long message may take; null for any time.</param>
internal sealed class MessageReader(long limit, TransferLimits? transfer = null)
{
    /// <summary>Bytes before each message.</summary>
    public const int PrefixLength = 5;

    /// <summary>
    /// Longer messages are copied to one block as they arrive; shorter ones stay in the _pipe. Sixteen of Kestrel's 4 KB blocks:
    /// arbitrary, but few enough segments that scanning them costs nothing.
    /// </summary>
    private const int LongestInPipe = 64 * 1024;

    private PipeReader _pipe = null!;
    private MessageEncoding _encoding;
    private PooledBuffer? _block;
    private int _start;
    private Pipe? _inflated;
    private SequencePosition? _end;

    /// <param name="pipe">The body of the only request whose messages are read.</param>
    /// <param name="encoding">How messages marked as compressed are compressed.</param>
    /// <param name="limit">The longest message accepted, compressed or not.</param>
    /// <param name="transfer">How long each piece of a long message may take; null for any time.</param>
    public MessageReader(PipeReader pipe, MessageEncoding encoding, long limit, TransferLimits? transfer = null)
        : this(limit, transfer) => Begin(pipe, encoding);

    /// <summary>The message that was read.</summary>
    public ReadOnlySequence<byte> Message { get; private set; }

    /// <summary>Why there is no message, where that is not just the end.</summary>
    public InferenceFailure? Failure { get; private set; }

    /// <summary>Starts to read another call's messages.</summary>
    /// <param name="pipe">The request's body.</param>
    /// <param name="encoding">How messages marked as compressed are compressed.</param>
    public void Begin(PipeReader pipe, MessageEncoding encoding)
    {
        _pipe = pipe;
        _encoding = encoding;
        Failure = null;
    }

    /// <summary>True with the next message; false at the end, or with a failure.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            Release();
            return await ReadFrameAsync(single: false, cancellationToken);
        }
        catch (IOException e)
        {
            return Fail(BrokenOff(e));
        }
    }

    /// <summary>Reads the request of a call that takes exactly one. Null with the message, else why not.</summary>
    public ValueTask<InferenceFailure?> ReadSingleAsync(CancellationToken cancellationToken)
    {
        try
        {
            return TryTakeWhole() ? default : WaitForSingleAsync(cancellationToken);
        }
        catch (IOException e)
        {
            return new(Failure = BrokenOff(e));
        }
    }

    // Most requests are small and there as a whole when their call begins.
    private bool TryTakeWhole()
    {
        if (!_pipe.TryRead(out var read))
        {
            return false;
        }

        var length = read.Buffer.Length - PrefixLength;
        if (read is { IsCompleted: true, IsCanceled: false } && length is >= 0 and <= LongestInPipe
            && TryReadPrefix(read.Buffer, out var compressed, out var announced) && !compressed && announced == length)
        {
            Message = read.Buffer.Slice(PrefixLength);
            _end = read.Buffer.End;
            return true;
        }

        Failure = null;
        _pipe.AdvanceTo(read.Buffer.Start);
        return false;
    }

    private async ValueTask<InferenceFailure?> WaitForSingleAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await ReadFrameAsync(single: true, cancellationToken) && Failure is null)
            {
                Fail(InferenceFailure.Unsupported("this method takes exactly one request message, but the client sent none"));
            }
        }
        catch (IOException e)
        {
            Fail(BrokenOff(e));
        }

        return Failure;
    }

    /// <summary>Gives the message's memory back. Never fails: where the client has reset the stream, the next read says so.</summary>
    public void Release()
    {
        Message = default;
        if (_end is { } end)
        {
            _end = null;
            try
            {
                _pipe.AdvanceTo(end);
            }
            catch (IOException)
            {
                // Kestrel throws what ended the stream from here too; who lets go of a message may hold an answer to be given back.
            }
        }

        _block?.Dispose();
        _block = null;
        _inflated?.Reader.Complete();
        _inflated = null;
    }

    /// <summary>
    /// Hands the message over to the caller, who disposes it, so that the next one can be read meanwhile. One that still lies in the
    /// pipe is copied; the longer ones are not.
    /// </summary>
    public PooledBuffer Take()
    {
        var taken = _block;
        if (taken is null)
        {
            taken = BufferPool.Shared.Rent((int)Message.Length);
            Message.CopyTo(taken.GetSpan());
        }

        _block = null;
        Release();
        return taken;
    }

    private async ValueTask<bool> ReadFrameAsync(bool single, CancellationToken cancellationToken)
    {
        var read = await ReadAtLeastAsync(PrefixLength, cancellationToken);
        if (read.Buffer.Length < PrefixLength)
        {
            _pipe.AdvanceTo(read.Buffer.End);
            return !read.Buffer.IsEmpty && Fail(Truncated(read.Buffer.Length, PrefixLength));
        }

        if (!TryReadPrefix(read.Buffer, out var compressed, out var length))
        {
            _pipe.AdvanceTo(read.Buffer.Start);
            return false;
        }

        _pipe.AdvanceTo(read.Buffer.GetPosition(PrefixLength));
        var complete = length > LongestInPipe
            ? await CopyAsync(length, single, cancellationToken)
            : await WaitAsync(length, single, cancellationToken);
        return complete && (!compressed || Inflate());
    }

    private bool TryReadPrefix(in ReadOnlySequence<byte> buffer, out bool compressed, out int length)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        var announced = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        compressed = prefix[0] == 1;
        length = (int)Math.Min(announced, int.MaxValue);
        if (prefix[0] > 1)
        {
            return Fail(InferenceFailure.InvalidInput($"the message's first byte is {prefix[0]}; it must be 0 (plain) or 1 (compressed)"));
        }

        if (compressed && _encoding == MessageEncoding.Identity)
        {
            return Fail(InferenceFailure.InvalidInput("the message is marked as compressed, but the header grpc-encoding names no encoding"));
        }

        return announced <= limit || Fail(InferenceFailure.TooLarge(
            $"the message is {announced} bytes; the server accepts at most {limit} (option --max-request-bytes)"));
    }

    /// <summary>Leaves the message in the pipe until it is there as a whole.</summary>
    private async ValueTask<bool> WaitAsync(int length, bool single, CancellationToken cancellationToken)
    {
        if (length == 0 && !single)
        {
            // Nothing to wait for: the next byte may be long in coming.
            return true;
        }

        var read = await ReadAtLeastAsync(length, cancellationToken);
        while (single && !read.IsCompleted && read.Buffer.Length == length)
        {
            // The end of the stream may come in a frame of its own, behind the message.
            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await _pipe.ReadAsync(cancellationToken);
        }

        var received = read.Buffer.Length;
        Message = read.Buffer.Slice(0, Math.Min(length, received));
        _end = Message.End;
        return received >= length
            ? !single || received == length || Fail(TooMany())
            : Fail(Truncated(received, length));
    }

    /// <summary>Copies the message to a block of its own as it arrives, so that the client's window opens again.</summary>
    private async ValueTask<bool> CopyAsync(int length, bool single, CancellationToken cancellationToken)
    {
        await using var clock = transfer is null ? null : new ArrivalClock(_pipe, transfer);

        // Tensors are the last of a request, so where it ends aligned they begin aligned, and need not be copied to be.
        _start = single ? -length & (BufferPool.Alignment - 1) : 0;
        _block = BufferPool.Shared.Rent(_start + BlockGrowth.Begin(length));
        var copied = 0;
        while (copied < length)
        {
            var reading = _pipe.ReadAsync(cancellationToken);
            if (!reading.IsCompleted)
            {
                clock?.Start();
            }

            var read = await reading;
            if (read.IsCanceled && clock is not null)
            {
                _pipe.AdvanceTo(read.Buffer.Start);
                return Fail(TooSlow(clock));
            }

            var part = read.Buffer.Slice(0, Math.Min(length - copied, read.Buffer.Length));
            Append(part, copied, length);
            copied += (int)part.Length;
            clock?.Count(part.Length);
            _pipe.AdvanceTo(part.End);
            if (read.IsCompleted && part.IsEmpty)
            {
                return Fail(Truncated(copied, length));
            }
        }

        Message = new ReadOnlySequence<byte>(_block.Memory.Slice(_start, length));
        clock?.Start();
        return !single || await EndsHereAsync(cancellationToken) || Fail(clock is { HasExpired: true } ? TooSlow(clock) : TooMany());
    }

    private void Append(in ReadOnlySequence<byte> part, int copied, int length)
    {
        var block = _block!;
        if (_start + copied + part.Length > block.Length)
        {
            _block = BufferPool.Shared.Rent(_start + BlockGrowth.Next(block.Length - _start, copied + part.Length, length));
            block.GetSpan()[..(_start + copied)].CopyTo(_block.GetSpan());
            block.Dispose();
        }

        part.CopyTo(_block!.GetSpan()[(_start + copied)..]);
    }

    private async ValueTask<bool> EndsHereAsync(CancellationToken cancellationToken)
    {
        var read = await ReadAtLeastAsync(1, cancellationToken);
        _pipe.AdvanceTo(read.Buffer.Start);
        return read.Buffer.IsEmpty && !read.IsCanceled;
    }

    private async ValueTask<ReadResult> ReadAtLeastAsync(int bytes, CancellationToken cancellationToken)
    {
        var read = await _pipe.ReadAsync(cancellationToken);
        while (read.Buffer.Length < bytes && read is { IsCompleted: false, IsCanceled: false })
        {
            _pipe.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await _pipe.ReadAsync(cancellationToken);
        }

        return read;
    }

    private bool Inflate()
    {
        var outcome = MessageInflater.Inflate(Message, _encoding, limit);
        Release();
        if (!outcome.TryGetValue(out _inflated, out var failure))
        {
            return Fail(failure);
        }

        // An empty pipe that is completed reads as completed, so this never fails.
        _inflated.Reader.TryRead(out var read);
        Message = read.Buffer;
        return true;
    }

    private bool Fail(InferenceFailure failure)
    {
        Failure = failure;
        return false;
    }

    /// <summary>A body breaks off because the client reset the stream or its connection is gone, or because it broke the rules of HTTP.</summary>
    private static InferenceFailure BrokenOff(IOException e) =>
        e is BadHttpRequestException ? InferenceFailure.InvalidInput(e.Message) : InferenceFailure.Cancelled;

    private static InferenceFailure TooSlow(ArrivalClock clock) => new(InferenceError.DeadlineExceeded, clock.Reason);

    private static InferenceFailure Truncated(long received, int expected) => InferenceFailure.InvalidInput(
        $"the request ends in the middle of a message: {received} of {expected} bytes came");

    private static InferenceFailure TooMany() => InferenceFailure.Unsupported(
        "this method takes exactly one request message, but the client sent more");
}
