using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>
/// Replays a trace of arrivals through a queue: a discrete-event simulation in virtual time. What the server does in no time
/// to speak of beside a run, such as reading a request, takes none. Requests that come at the same instant are all queued
/// before a run begins, as the server's are that have already arrived.
/// </summary>
internal sealed class Simulator
{
    private readonly ISimulatedQueue _queue;
    private readonly IRunCost _cost;
    private readonly Func<int, int, double> _run;
    private readonly int _lanes;
    private readonly PriorityQueue<Lane, double> _running = new();
    private readonly Tally _tally;
    private readonly List<int> _batch = [];
    private readonly List<Shed<int>> _shed = [];
    private readonly IReadOnlyList<Arrival> _trace;

    /// <param name="queue">What decides.</param>
    /// <param name="trace">What comes, by time.</param>
    /// <param name="cost">What runs are expected to take.</param>
    /// <param name="run">What a run of so many rows of a length really takes, in seconds.</param>
    /// <param name="lanes">How many runs there may be at a time.</param>
    private Simulator(ISimulatedQueue queue, IReadOnlyList<Arrival> trace, IRunCost cost, Func<int, int, double> run, int lanes)
    {
        _queue = queue;
        _trace = trace;
        _cost = cost;
        _run = run;
        _lanes = lanes;
        _tally = new Tally(trace, lanes);
    }

    /// <inheritdoc cref="Simulator(ISimulatedQueue, IReadOnlyList{Arrival}, IRunCost, Func{int, int, double}, int)"/>
    public static SimulationReport Replay(
        ISimulatedQueue queue, IReadOnlyList<Arrival> trace, IRunCost cost, Func<int, int, double> run, int lanes) =>
        new Simulator(queue, trace, cost, run, lanes).Replay();

    private SimulationReport Replay()
    {
        var next = 0;
        while (next < _trace.Count || _running.Count > 0)
        {
            var now = Math.Min(
                next < _trace.Count ? _trace[next].At : double.PositiveInfinity,
                _running.TryPeek(out var first, out _) ? first.Finish : double.PositiveInfinity);
            while (_running.TryPeek(out var lane, out _) && lane.Finish <= now)
            {
                _running.Dequeue();
            }

            for (; next < _trace.Count && _trace[next].At <= now; next++)
            {
                Offer(next, now);
            }

            Dispatch(now);
        }

        return _tally.Report();
    }

    private void Offer(int id, double now)
    {
        var come = _trace[id];
        var request = new WaitingRequest(come.Rows, come.Length, come.At, come.At + come.Deadline)
        {
            Priority = come.Priority,
            Tenant = come.Tenant,
        };

        _tally.Refuse(_queue.Offer(id, request, now, LoadAt(now)));
    }

    // A run that takes longer than was expected is about to end, as far as anybody knows.
    private LaneLoad LoadAt(double now)
    {
        var (remaining, soonest) = (0.0, double.PositiveInfinity);
        foreach (var (lane, _) in _running.UnorderedItems)
        {
            var left = Math.Max(0, lane.Expected - now);
            remaining += left;
            soonest = Math.Min(soonest, left);
        }

        return new LaneLoad(_lanes, _running.Count < _lanes ? 0 : soonest, remaining);
    }

    private void Dispatch(double now)
    {
        while (_running.Count < _lanes && _queue.Waiting > 0)
        {
            _batch.Clear();
            _shed.Clear();
            _queue.Take(now, _lanes - _running.Count, _batch, _shed);
            foreach (var (_, reason) in _shed)
            {
                _tally.GiveUp(reason);
            }

            if (_batch.Count > 0)
            {
                Run(now);
            }
        }
    }

    private void Run(double now)
    {
        var (rows, length) = (0, 0);
        foreach (var id in _batch)
        {
            rows += _trace[id].Rows;
            length = Math.Max(length, _trace[id].Length);
        }

        var finish = now + _run(rows, length);
        _running.Enqueue(new Lane(now + _cost.Predict(rows, length), finish), finish);
        _tally.Run(_batch, rows, length, now, finish);
    }
}
