namespace Serving.Runtime.Caching;

/// <summary>
/// Decides whether a cache pays: whether the runs that it saved took longer than looking up and keeping did. Where it does not, it is
/// off for a while, each time for longer, and then tried again.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class CachePayoff(TimeProvider time)
{
    /// <summary>How many rows are looked up before it is judged. Arbitrary: enough for a repetition in a hundred to show.</summary>
    public const int Trial = 1024;

    /// <summary>How much more must be saved than spent: a cache also takes memory.</summary>
    private const double Margin = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private TimeSpan _pause = FirstPause;
    private double _spent;
    private double _saved;
    private double _runSeconds;
    private long _runRows;
    private int _lookups;
    private long _offSince;
    private bool _isOff;

    /// <summary>Rows that were found.</summary>
    public long Hits { get; private set; }

    /// <summary>Rows that were not.</summary>
    public long Misses { get; private set; }

    /// <summary>Whether rows are looked up now.</summary>
    public bool IsOn
    {
        get
        {
            lock (_lock)
            {
                if (_isOff && time.GetElapsedTime(_offSince) >= _pause)
                {
                    _isOff = false;
                    _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                    Begin();
                }

                return !_isOff;
            }
        }
    }

    /// <summary>Takes a request into account. True where the cache has just been found not to pay.</summary>
    /// <param name="hits">Rows that were found.</param>
    /// <param name="misses">Rows that were not.</param>
    /// <param name="spent">What looking up and keeping took.</param>
    /// <param name="run">What running the rows that were not found took.</param>
    public bool Count(int hits, int misses, TimeSpan spent, TimeSpan run)
    {
        lock (_lock)
        {
            Hits += hits;
            Misses += misses;
            _runSeconds += run.TotalSeconds;
            _runRows += misses;
            _spent += spent.TotalSeconds;
            _saved += _runRows == 0 ? 0 : hits * _runSeconds / _runRows;
            _lookups += hits + misses;
            if (_isOff || _lookups < Trial)
            {
                return false;
            }

            _isOff = _saved < _spent * Margin;
            _offSince = time.GetTimestamp();
            if (!_isOff)
            {
                _pause = FirstPause;
            }

            Begin();
            return _isOff;
        }
    }

    private void Begin() => (_spent, _saved, _lookups) = (0, 0, 0);
}
