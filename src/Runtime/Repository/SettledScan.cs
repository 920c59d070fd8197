namespace Serving.Runtime.Repository;

/// <summary>
/// Decides which models may be read, so that no half-copied one is. A model is settled when its newest file or folder is older than the
/// settle time, or when it was seen unchanged for that long, which does not depend on the clocks of file servers. A model that is gone stays
/// listed for the settle time, so that replacing its folder is one change; models of a repository that cannot be read stay as they were.
/// </summary>
/// <remarks>Not for several threads at once.</remarks>
internal sealed class SettledScan
{
    private readonly TimeSpan _settleTime;
    private readonly TimeProvider _time;
    private Dictionary<string, Sighting> _sightings = new(StringComparer.Ordinal);

    public SettledScan(TimeSpan settleTime, TimeProvider time)
    {
        _settleTime = settleTime;
        _time = time;
    }

    /// <summary>What there is, given this scan and those before it.</summary>
    public IReadOnlyList<ModelSource> Advance(RepositoryScan scan)
    {
        var now = _time.GetTimestamp();
        var present = scan.Sources.Select(source => See(source, now));
        var keys = scan.Sources.Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        var absent = _sightings.Values.Where(s => !keys.Contains(s.Source.Key)).Select(s => Miss(s, scan, now)).OfType<Sighting>();

        // Built from the old sightings, so it is complete before they are replaced.
        _sightings = present.Concat(absent).ToDictionary(s => s.Source.Key, StringComparer.Ordinal);
        return [.. _sightings.Values.Select(s => s.Source)];
    }

    private Sighting See(ModelSource source, long now)
    {
        var since = _sightings.TryGetValue(source.Key, out var last) && last.Source.Fingerprint == source.Fingerprint && last.MissingSince is null
            ? last.UnchangedSince
            : now;

        // Compared this way round, because the newest write may be the end of time.
        var isOld = source.NewestWrite <= _time.GetUtcNow() - _settleTime;
        return new Sighting(source with { IsSettled = isOld || _time.GetElapsedTime(since, now) >= _settleTime }, since, null);
    }

    /// <summary>What becomes of a model that this scan did not find; null where it is gone.</summary>
    private Sighting? Miss(Sighting last, RepositoryScan scan, long now)
    {
        if (scan.Unreadable.ContainsKey(last.Source.Repository))
        {
            return last with { MissingSince = null };
        }

        var missing = last with { MissingSince = last.MissingSince ?? now };
        return last.Source.IsSettled && _time.GetElapsedTime(missing.MissingSince.Value, now) < _settleTime ? missing : null;
    }

    private sealed record Sighting(ModelSource Source, long UnchangedSince, long? MissingSince);
}
