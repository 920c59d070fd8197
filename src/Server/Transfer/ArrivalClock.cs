using System.IO.Pipelines;

namespace Serving.Server.Transfer;

/// <summary>
/// Watches a body arrive: where a piece of it takes too long, what reads it is woken by a cancelled read, once.
/// Costs nothing before <see cref="Start"/>, which the reader calls when it has to wait.
/// </summary>
/// <param name="body">What is read.</param>
/// <param name="limits">How long a piece may take.</param>
internal sealed class ArrivalClock(PipeReader body, TransferLimits limits) : IAsyncDisposable
{
    private ITimer? _timer;
    private int _arrived;
    private volatile bool _hasExpired;

    /// <summary>Whether a piece took too long.</summary>
    public bool HasExpired => _hasExpired;

    /// <summary>What to tell the client.</summary>
    public string Reason =>
        $"{TransferLimits.Piece} bytes of the request, or its rest, took longer than {limits.Patience.TotalSeconds:0.###} s (option --transfer-timeout)";

    public void Start() => _timer ??= limits.Time.CreateTimer(static clock => ((ArrivalClock)clock!).Expire(), this, limits.Patience, Timeout.InfiniteTimeSpan);

    /// <summary>Counts bytes that came; the time of the next piece begins with its first byte.</summary>
    public void Count(long bytes)
    {
        _arrived += (int)bytes;
        if (_arrived >= TransferLimits.Piece)
        {
            _arrived = 0;
            _timer?.Change(limits.Patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Waits for an expiry that is under way, so that none cancels a read of whoever reads next.</summary>
    public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? default;

    private void Expire()
    {
        _hasExpired = true;
        body.CancelPendingRead();
    }
}
