using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>Counts what becomes of a trace.</summary>
internal sealed class Tally(IReadOnlyList<Arrival> trace, int lanes)
{
    private readonly int[] _refused = new int[Enum.GetValues<Refusal>().Length];
    private readonly int[] _givenUp = new int[Enum.GetValues<Refusal>().Length];
    private readonly List<double> _latencies = new(trace.Count);
    private double _busy;
    private double _end;
    private long _rows;
    private long _tokens;
    private long _computed;
    private int _runs;
    private int _late;

    public void Refuse(Refusal reason) => _refused[(int)reason]++;

    public void GiveUp(Refusal reason) => _givenUp[(int)reason]++;

    /// <summary>Some run together.</summary>
    public void Run(List<int> members, int rows, int length, double from, double to)
    {
        _busy += to - from;
        _end = Math.Max(_end, to);
        _runs++;
        _rows += rows;
        _computed += (long)rows * length;
        foreach (var id in members)
        {
            var come = trace[id];
            _tokens += (long)come.Rows * come.Length;
            _latencies.Add(to - come.At);
            _late += to - come.At > come.Deadline ? 1 : 0;
        }
    }

    public SimulationReport Report()
    {
        _latencies.Sort();
        var duration = _runs == 0 ? 0 : _end - trace[0].At;
        return new SimulationReport
        {
            Offered = trace.Count,
            Late = _late,
            Refused = ByName(_refused),
            GivenUp = ByName(_givenUp),
            Runs = _runs,
            MeanRows = _runs == 0 ? 0 : (double)_rows / _runs,
            Latencies = _latencies,
            PaddingWaste = _computed == 0 ? 0 : 1 - ((double)_tokens / _computed),
            Utilisation = duration == 0 ? 0 : _busy / (lanes * duration),
            Duration = duration,
        };
    }

    private static Dictionary<string, int> ByName(int[] counts) => Enum.GetValues<Refusal>()
        .Where(reason => reason != Refusal.None && counts[(int)reason] > 0)
        .ToDictionary(reason => reason.ToString(), reason => counts[(int)reason], StringComparer.Ordinal);
}
