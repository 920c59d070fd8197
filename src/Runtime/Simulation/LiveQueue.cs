using System.Runtime.InteropServices;
using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Simulation;

/// <summary>
/// The server's own policy: what would be late is refused by its <see cref="AnswerForecast"/>, what waits is ordered by
/// <see cref="Urgency"/>, and the <see cref="BatchPlanner"/> forms the batches.
/// </summary>
internal sealed class LiveQueue(IRunCost cost, QueueRules rules) : ISimulatedQueue
{
    private readonly List<WaitingRequest> _waiting = [];
    private readonly List<QueueEntry<int>> _entries = [];
    private readonly int[] _places = new int[BatchPlanner.Window];
    private readonly WorkRatio _ratio = new();
    private double _work;
    private int _rows;
    private long _number;

    public int Waiting => _waiting.Count;

    public Refusal Offer(int id, in WaitingRequest request, double now, in LaneLoad load)
    {
        if (_rows > 0 && _rows + request.Rows > rules.MaxRows)
        {
            return Refusal.QueueFull;
        }

        var (rows, seconds) = BatchSize.Cheapest(request.Length, cost, rules.Limits);
        var entry = new QueueEntry<int>
        {
            Item = id,
            Key = Urgency.Key(request, rules.Objective),
            Number = _number++,
            Work = request.Rows * seconds,
        };
        var place = PlaceOf(entry);
        var due = Urgency.Due(request, rules.Objective);
        if (due < double.PositiveInfinity)
        {
            var work = place == _entries.Count ? _work : _work * place / _entries.Count;
            if (now + AnswerForecast.Of(work * _ratio.Value, Math.Max(rows, request.Rows), request.Length, cost, load).Total > due)
            {
                return Refusal.PredictedLate;
            }
        }

        _waiting.Insert(place, request);
        _entries.Insert(place, entry);
        _work += entry.Work;
        _rows += request.Rows;
        return Refusal.None;
    }

    public void Take(double now, int freeLanes, List<int> batch, List<Shed<int>> shed)
    {
        while (_waiting.Count > 0 && now + cost.Predict(_waiting[0].Rows, _waiting[0].Length) > Urgency.Due(_waiting[0], rules.Objective))
        {
            shed.Add(new Shed<int>(_entries[0].Item, Refusal.Expired));
            _places[0] = 0;
            Remove(_places.AsSpan(0, 1));
        }

        var urgent = CollectionsMarshal.AsSpan(_waiting)[..Math.Min(_waiting.Count, BatchPlanner.Window)];
        var count = BatchPlanner.Next(urgent, cost, rules.Limits, now, cost.Spread, _places);
        if (count < _waiting.Count)
        {
            Observe(_places.AsSpan(0, count));
        }

        foreach (var place in _places.AsSpan(0, count))
        {
            batch.Add(_entries[place].Item);
        }

        Remove(_places.AsSpan(0, count));
    }

    private void Observe(ReadOnlySpan<int> places)
    {
        var (rows, length, work) = (0, 0, 0.0);
        foreach (var place in places)
        {
            rows += _waiting[place].Rows;
            length = Math.Max(length, _waiting[place].Length);
            work += _entries[place].Work;
        }

        _ratio.Observe(cost.Predict(rows, length), work);
    }

    private int PlaceOf(in QueueEntry<int> entry)
    {
        var (low, high) = (0, _entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _entries[middle].IsBefore(entry) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    // The places are ascending; what stays moves up behind what has gone before it.
    private void Remove(ReadOnlySpan<int> places)
    {
        if (places.IsEmpty)
        {
            return;
        }

        foreach (var place in places)
        {
            _work -= _entries[place].Work;
            _rows -= _waiting[place].Rows;
        }

        var (kept, next) = (places[0], 0);
        for (var i = kept; i < _waiting.Count; i++)
        {
            if (next < places.Length && places[next] == i)
            {
                next++;
                continue;
            }

            _waiting[kept] = _waiting[i];
            _entries[kept++] = _entries[i];
        }

        _waiting.RemoveRange(kept, _waiting.Count - kept);
        _entries.RemoveRange(kept, _entries.Count - kept);
    }
}
