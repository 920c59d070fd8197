using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Simulation;

/// <summary>Replays a trace of arrivals through a batching policy, thousands of times faster than life.</summary>
internal sealed class Simulator
{
    private readonly IBatchPolicy _policy;
    private readonly Func<int, int, double> _run;
    private readonly int _lanes;
    private readonly PriorityQueue<int, double> _finishes = new();
    private readonly List<(Arrival Arrival, double At)> _answers = [];
    private readonly List<WaitingRequest> _queue = [];
    private double _busy;
    private long _tokens;
    private long _computed;
    private int _runs;
    private int _refused;

    /// <param name="policy">What decides.</param>
    /// <param name="run">What a run of so many rows of a length really takes, in seconds.</param>
    /// <param name="lanes">How many runs there may be at a time.</param>
    public Simulator(IBatchPolicy policy, Func<int, int, double> run, int lanes)
    {
        _policy = policy;
        _run = run;
        _lanes = lanes;
    }

    /// <summary>Replays a trace, sorted by time.</summary>
    public SimulationResult Replay(IReadOnlyList<Arrival> trace)
    {
        var next = 0;
        var now = 0.0;
        while (next < trace.Count || _queue.Count > 0)
        {
            // Time goes on to the next arrival or, where work waits for a lane, the next finish.
            var arrival = next < trace.Count ? trace[next].At : double.PositiveInfinity;
            var finish = _finishes.TryPeek(out _, out var at) ? at : double.PositiveInfinity;
            if (finish <= arrival)
            {
                _finishes.Dequeue();
                now = Math.Max(now, finish);
            }
            else
            {
                now = arrival;
                var come = trace[next++];
                _queue.Add(new WaitingRequest(come.Rows, come.Length, come.At, come.At + come.Patience));
            }

            Dispatch(now);
        }

        return Summarise(trace);
    }

    private void Dispatch(double now)
    {
        while (_finishes.Count < _lanes && _queue.Count > 0)
        {
            _refused += _queue.RemoveAll(request => _policy.IsHopeless(request, now));
            var batch = _policy.Next(_queue, now);
            if (batch.Count == 0)
            {
                return;
            }

            var members = batch.Select(i => _queue[i]).ToList();
            foreach (var index in batch.OrderDescending())
            {
                _queue.RemoveAt(index);
            }

            Run(members, now);
        }
    }

    private void Run(List<WaitingRequest> members, double now)
    {
        var (rows, length) = (members.Sum(m => m.Rows), members.Max(m => m.Length));
        var seconds = _run(rows, length);
        _finishes.Enqueue(0, now + seconds);
        _busy += seconds;
        _runs++;
        _computed += (long)rows * length;
        foreach (var member in members)
        {
            _tokens += (long)member.Rows * member.Length;
            _answers.Add((new Arrival(member.Arrived, member.Rows, member.Length, member.Deadline - member.Arrived), now + seconds));
        }
    }

    private SimulationResult Summarise(IReadOnlyList<Arrival> trace)
    {
        var latencies = _answers.Select(a => a.At - a.Arrival.At).Order().ToArray();
        var duration = _answers.Count == 0 ? 0 : _answers.Max(a => a.At) - trace[0].At;
        return new SimulationResult
        {
            Answered = _answers.Count,
            Refused = _refused,
            Late = _answers.Count(a => a.At - a.Arrival.At > a.Arrival.Patience),
            Runs = _runs,
            Latencies = latencies,
            PaddingWaste = _computed == 0 ? 0 : 1 - ((double)_tokens / _computed),
            Utilisation = duration == 0 ? 0 : _busy / (_lanes * duration),
            Duration = duration,
        };
    }
}
