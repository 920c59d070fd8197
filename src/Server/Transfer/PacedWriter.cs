using System.IO.Pipelines;

namespace Serving.Server.Transfer;

/// <summary>
/// An answer's body that does not wait for its client for ever: where a flush takes too long, the request is aborted, which ends
/// the flush and lets go of the memory behind it. Writers flush after every <see cref="TransferLimits.Piece"/> at the latest.
/// </summary>
/// <param name="limits">How long a flush may take; null to ask the request's services when one has to be waited for.</param>
internal sealed class PacedWriter(TransferLimits? limits = null) : PipeWriter
{
    private HttpContext _context = null!;
    private PipeWriter _body = null!;

    /// <param name="context">The request.</param>
    public PacedWriter(HttpContext context)
        : this() => Begin(context);

    public override bool CanGetUnflushedBytes => _body.CanGetUnflushedBytes;

    public override long UnflushedBytes => _body.UnflushedBytes;

    /// <summary>Starts to write another request's answer.</summary>
    /// <param name="context">The request.</param>
    public void Begin(HttpContext context)
    {
        _context = context;
        _body = context.Response.BodyWriter;
    }

    public override void Advance(int bytes) => _body.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _body.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _body.GetSpan(sizeHint);

    public override void CancelPendingFlush() => _body.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _body.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => Pace(_body.FlushAsync(cancellationToken));

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
        Pace(_body.WriteAsync(source, cancellationToken));

    private ValueTask<FlushResult> Pace(ValueTask<FlushResult> flush) => flush.IsCompleted ? flush : WaitAsync(flush);

    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flush)
    {
        var (patience, time) = limits ?? TransferLimits.Of(_context);
        await using var timer = time.CreateTimer(static late => ((HttpContext)late!).Abort(), _context, patience, Timeout.InfiniteTimeSpan);
        return await flush;
    }
}
