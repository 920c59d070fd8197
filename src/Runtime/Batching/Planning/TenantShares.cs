namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// Keeps tenants from taking more than their share of a queue. Each tenant's requests are numbered by when they would begin
/// if the tenant had the machine for itself (start-time fair queueing, P. Goyal et al., 1996); who asks for more than that
/// lags behind who asks for less. With one tenant there is nobody to be fair to, and the lag does not count.
/// </summary>
internal sealed class TenantShares
{
    /// <summary>So many tenants are told apart; beyond, those that wait for nothing are forgotten. Arbitrary, some 100 KB.</summary>
    private const int Most = 1024;

    /// <summary>Seconds for which two tenants count after one of them has nothing waiting any more. Arbitrary.</summary>
    private const double Memory = 1;

    private readonly Dictionary<string, TenantShare> _shares = new(StringComparer.Ordinal);
    private readonly TenantShare _nobody = new();
    private int _waiting;
    private double _sharedUntil = double.NegativeInfinity;

    /// <summary>Whether several tenants want the queue, or did a moment ago.</summary>
    public bool IsShared { get; private set; }

    /// <summary>A request comes.</summary>
    /// <param name="tenant">Whose it is; null where nobody says.</param>
    /// <param name="seconds">What it takes of the machine.</param>
    /// <param name="now">The time.</param>
    /// <param name="lag">Seconds by which its tenant is ahead of its share.</param>
    public TenantShare Enter(string? tenant, double seconds, double now, out double lag)
    {
        var share = Find(tenant, now);
        _waiting += share.Waiting++ == 0 ? 1 : 0;
        if (_waiting > 1)
        {
            _sharedUntil = now + Memory;
        }

        IsShared = now <= _sharedUntil;
        lag = Math.Max(0, share.Finish - now);
        share.Finish = now + lag + seconds;
        return share;
    }

    /// <summary>A request leaves, to run or for good.</summary>
    public void Leave(TenantShare share) => _waiting -= --share.Waiting == 0 ? 1 : 0;

    /// <summary>A request leaves without having run.</summary>
    /// <param name="share">Its tenant.</param>
    /// <param name="seconds">What it would have taken.</param>
    public static void GiveBack(TenantShare share, double seconds) => share.Finish -= seconds;

    private TenantShare Find(string? tenant, double now)
    {
        if (tenant is null)
        {
            return _nobody;
        }

        if (_shares.TryGetValue(tenant, out var share))
        {
            return share;
        }

        if (_shares.Count >= Most)
        {
            Forget(now);
        }

        // Who cannot be told apart any more shares with the nameless.
        if (_shares.Count >= Most)
        {
            return _nobody;
        }

        return _shares[tenant] = new TenantShare();
    }

    private void Forget(double now)
    {
        foreach (var (tenant, share) in _shares)
        {
            if (share.Waiting == 0 && share.Finish <= now)
            {
                _shares.Remove(tenant);
            }
        }
    }
}
