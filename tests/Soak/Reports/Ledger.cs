using System.Collections.Concurrent;

namespace Serving.Soak.Reports;

/// <summary>Counts how requests ended, by what was done, and keeps what must not have been.</summary>
internal sealed class Ledger
{
    /// <summary>More of them say nothing new.</summary>
    private const int MostProblems = 40;

    private readonly ConcurrentDictionary<(string Act, Ending Ending), long> _counts = new();
    private readonly ConcurrentQueue<string> _problems = new();

    public IReadOnlyCollection<string> Problems => _problems;

    public void Count(string act, Ending ending) => _counts.AddOrUpdate((act, ending), 1, static (_, count) => count + 1);

    public void Problem(string what)
    {
        if (_problems.Count < MostProblems)
        {
            _problems.Enqueue(what);
        }
    }

    public long Total(Ending ending) => _counts.Where(entry => entry.Key.Ending == ending).Sum(entry => entry.Value);

    /// <summary>A row for each act.</summary>
    public IEnumerable<string> Table()
    {
        var endings = Enum.GetValues<Ending>();
        yield return $"{"act",-28}{string.Concat(endings.Select(ending => $"{ending,10}"))}";
        foreach (var act in _counts.Keys.Select(key => key.Act).Distinct().Order(StringComparer.Ordinal))
        {
            yield return $"{act,-28}{string.Concat(endings.Select(ending => $"{_counts.GetValueOrDefault((act, ending)),10}"))}";
        }

        yield return $"{"all",-28}{string.Concat(endings.Select(ending => $"{Total(ending),10}"))}";
    }
}
