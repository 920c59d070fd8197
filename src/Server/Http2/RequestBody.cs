using System.Buffers;
using System.IO.Pipelines;

namespace Serving.Server.Http2;

/// <summary>
/// The body of a request between the connection, which writes it, and the application, which reads it. What the application has
/// consumed is given back to the client's windows.
/// </summary>
/// <param name="told">Told how many bytes the application has consumed.</param>
/// <param name="options">Without a threshold: the client's window bounds what is held. Whoever reads goes on on a thread of its own.</param>
internal sealed class RequestBody(Action<int> told, PipeOptions options) : PipeReader
{
    private readonly Pipe _pipe = new(options);
    private readonly Lock _gate = new();
    private ReadOnlySequence<byte> _read;
    private long _consumed;
    private bool _isEnded;

    /// <summary>Bytes that came and were not consumed.</summary>
    public long Held { get; private set; }

    /// <summary>Whether the application has begun to read.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>The most bytes that may be read.</summary>
    public long Limit { get; set; }

    /// <summary>More has come; false where nobody will read it.</summary>
    public bool TryWrite(in ReadOnlySequence<byte> data)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return false;
            }

            Held += data.Length;
            foreach (var part in data)
            {
                _pipe.Writer.Write(part.Span);
            }

            // Never waits: there is no threshold.
            _ = _pipe.Writer.FlushAsync();
            return true;
        }
    }

    /// <summary>That was all; or, with an exception, the rest will not come.</summary>
    public void End(Exception? reason = null)
    {
        lock (_gate)
        {
            if (!_isEnded)
            {
                _isEnded = true;
                _pipe.Writer.Complete(reason);
            }
        }
    }

    /// <summary>The application is done, and nobody will read what it has not: says how much that is, and gives the memory back.</summary>
    public long Drop()
    {
        lock (_gate)
        {
            End();
            _pipe.Reader.Complete();
            return Held;
        }
    }

    /// <summary>Makes it empty for the next request. It must have been dropped, and the client must have sent all of the last one.</summary>
    public void Reset()
    {
        _pipe.Reset();
        (_isEnded, IsBegun) = (false, false);
        _read = default;
        (Held, _consumed) = (0, 0);
    }

    public override bool TryRead(out ReadResult result)
    {
        IsBegun = true;
        var isRead = _pipe.Reader.TryRead(out result);
        if (isRead)
        {
            Remember(result);
        }

        return isRead;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        IsBegun = true;
        var reading = _pipe.Reader.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Remember(reading.Result)) : WaitAsync(reading);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var length = (int)_read.Slice(0, consumed).Length;
        _read = default;
        _consumed += length;
        _pipe.Reader.AdvanceTo(consumed, examined);
        if (length > 0)
        {
            lock (_gate)
            {
                Held -= length;
            }

            told(length);
        }
    }

    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // What comes still is counted when the stream ends.
    }

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> reading) => Remember(await reading);

    private ReadResult Remember(ReadResult result)
    {
        _read = result.Buffer;
        return _consumed + _read.Length <= Limit
            ? result
            : throw new BadHttpRequestException($"the request's body is longer than {Limit} bytes", StatusCodes.Status413PayloadTooLarge);
    }
}
