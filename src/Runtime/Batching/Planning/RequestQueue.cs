using System.Buffers;

namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// A model's queue: which requests are let in, which run together next, and which leave without running. Knows no clock and no lock, so that
/// the simulator replays traffic through the very code that serves it. Earliest deadline first; where tenants compete, by what each
/// has taken; where lengths differ, by <see cref="BatchPlanner"/>.
/// </summary>
/// <typeparam name="T">What stands for a request.</typeparam>
internal sealed class RequestQueue<T>
    where T : notnull
{
    private readonly IRunCost _cost;
    private readonly QueueRules _rules;
    private readonly QueueSlots<T> _slots = new();
    private readonly GroupHeap<T> _heap = new();
    private readonly Dictionary<object, QueueGroup<T>> _groups = [];
    private readonly Stack<QueueGroup<T>> _empty = new();
    private readonly TenantShares _tenants = new();
    private readonly WorkRatio _ratio = new();
    private long _number;

    public RequestQueue(IRunCost cost, QueueRules rules)
    {
        _cost = cost;
        _rules = rules;
        Limits = rules.Limits;
    }

    /// <summary>How large a batch may be: the rules' limits, or less where memory has turned out to be short.</summary>
    public PlanLimits Limits { get; set; }

    /// <summary>How many requests wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many rows wait.</summary>
    public int Rows { get; private set; }

    /// <summary>Seconds of runs that wait, in full batches.</summary>
    public double Work { get; private set; }

    /// <summary>Whether a request has to be answered by a certain time, so that what stands before it matters.</summary>
    public bool IsUrgent(in WaitingRequest request) => Urgency.Due(request, _rules.Objective) < double.PositiveInfinity;

    /// <summary>A request comes; it waits where nothing speaks against it.</summary>
    /// <param name="item">What stands for it.</param>
    /// <param name="partners">What it must have in common with others to run with them; null where it runs alone.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="load">What else stands before it; looked at only where <see cref="IsUrgent"/>.</param>
    public Verdict Offer(T item, object? partners, in WaitingRequest request, double now, in LaneLoad load)
    {
        if (request.Deadline <= now)
        {
            return new Verdict(Refusal.Expired, 0, Slot: -1);
        }

        if (Rows > 0 && Rows + request.Rows > _rules.MaxRows)
        {
            return new Verdict(Refusal.QueueFull, load.Lanes > 0 ? Work / load.Lanes : 0, Slot: -1);
        }

        var (batchRows, rate) = BatchSize.Cheapest(request.Length, _cost, Limits);
        var work = rate * request.Rows;
        var due = Urgency.Due(request, _rules.Objective);
        var wasShared = _tenants.IsShared;
        var tenant = _tenants.Enter(request.Tenant, work, now, out var lag);
        if (_tenants.IsShared && !wasShared)
        {
            CountLags();
        }

        // Asked only now: among tenants it stands behind, or before, what the order by deadlines says.
        var key = Urgency.Key(request, _rules.Objective) + (_tenants.IsShared ? lag : 0);
        if (due < double.PositiveInfinity && rate > 0 && FindDelay(request, key, due, batchRows, now, load) is > 0 and var late)
        {
            TenantShares.GiveBack(tenant, work);
            _tenants.Leave(tenant);
            return new Verdict(Refusal.PredictedLate, late, Slot: -1);
        }

        var slot = _slots.Rent();
        _slots[slot] = new QueueEntry<T>
        {
            Item = item,
            Request = request with { Deadline = due },
            ClientDeadline = request.Deadline,
            Key = key,
            Number = _number++,
            Lag = lag,
            Work = work,
            Tenant = tenant,
            Group = GroupOf(partners ?? item),
        };
        Insert(slot);
        return new Verdict(Refusal.None, 0, slot);
    }

    /// <summary>Takes the next batch out.</summary>
    /// <param name="now">The time.</param>
    /// <param name="freeLanes">How many runs could begin now, at least 1.</param>
    /// <param name="batch">Takes those that run together; none where nothing is left.</param>
    /// <param name="shed">Takes those that leave without running.</param>
    public void Take(double now, int freeLanes, List<T> batch, List<Shed<T>> shed)
    {
        while (_heap.Count > 0)
        {
            var group = _heap.Top;
            var reason = FindReasonToShed(group.Head, now);
            if (reason == Refusal.None)
            {
                TakeFrom(group, now, freeLanes, batch);
                return;
            }

            var head = group.SlotAt(0);
            shed.Add(new Shed<T>(_slots[head].Item!, reason));
            TenantShares.GiveBack(_slots[head].Tenant!, _slots[head].Work);
            Remove(group, [0]);
        }
    }

    /// <summary>Takes a request out that nobody waits for any more; false where it has left already.</summary>
    /// <param name="item">The request.</param>
    /// <param name="slot">Where <see cref="Offer"/> has put it.</param>
    public bool Remove(T item, int slot)
    {
        if (slot < 0 || _slots[slot].Group is null || !EqualityComparer<T>.Default.Equals(_slots[slot].Item, item))
        {
            return false;
        }

        ref var entry = ref _slots[slot];
        TenantShares.GiveBack(entry.Tenant!, entry.Work);
        Remove(entry.Group!, [entry.Group!.PlaceOf(entry.Key, entry.Number)]);
        return true;
    }

    // Seconds by which the request, or what is said of it, comes too late; none where it does not.
    private double FindDelay(in WaitingRequest request, double key, double due, int batchRows, double now, in LaneLoad load)
    {
        var before = 0.0;
        for (var i = 0; i < _heap.Count; i++)
        {
            before += _heap[i].WorkBefore(key);
        }

        var rows = Math.Max(request.Rows, Math.Min(batchRows, Rows + request.Rows));
        return now + AnswerForecast.Of(before * _ratio.Value, rows, request.Length, _cost, load).Total - due;
    }

    private QueueGroup<T> GroupOf(object key)
    {
        if (_groups.TryGetValue(key, out var group))
        {
            return group;
        }

        if (!_empty.TryPop(out group))
        {
            group = new QueueGroup<T>(_slots);
        }

        group.Key = key;
        return _groups[key] = group;
    }

    private void Insert(int slot)
    {
        ref var entry = ref _slots[slot];
        Count++;
        Rows += entry.Request.Rows;
        Work += entry.Work;
        var group = entry.Group!;
        group.Insert(slot);
        if (group.Count == 1)
        {
            _heap.Add(group);
        }
        else
        {
            _heap.Update(group);
        }
    }

    // A request whose client has named no deadline is answered however late; so is the last that waits, for the forecast may be wrong.
    private Refusal FindReasonToShed(in QueueEntry<T> entry, double now)
    {
        if (now - entry.Request.Arrived > _rules.MaxWait)
        {
            return Refusal.WaitedTooLong;
        }

        return Count > 1 && now + _cost.Predict(entry.Request.Rows, entry.Request.Length) > entry.ClientDeadline ? Refusal.Expired : Refusal.None;
    }

    private void TakeFrom(QueueGroup<T> group, double now, int freeLanes, List<T> batch)
    {
        var window = Math.Min(group.Count, BatchPlanner.Window);
        if (window == 1)
        {
            batch.Add(group.Head.Item!);
            Remove(group, [0]);
            return;
        }

        var places = ArrayPool<int>.Shared.Rent(window);
        var count = group.IsMixed || HasDeadlines(group, window)
            ? Plan(group, window, now, freeLanes, places)
            : TakeFirst(group, window, freeLanes, places);
        count = LeaveTimeForSecond(group, places.AsSpan(0, count), now);
        if (count < Count)
        {
            Observe(group, places.AsSpan(0, count));
        }

        for (var i = 0; i < count; i++)
        {
            batch.Add(group.At(places[i]).Item!);
        }

        Remove(group, places.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(places);
    }

    // Members that are less urgent than the first of another group do not make it late.
    private int LeaveTimeForSecond(QueueGroup<T> group, ReadOnlySpan<int> places, double now)
    {
        if (_heap.Second is not { } second || double.IsPositiveInfinity(second.Head.Request.Deadline))
        {
            return places.Length;
        }

        ref var next = ref second.Head;
        var latest = next.Request.Deadline - (_cost.Predict(next.Request.Rows, next.Request.Length) * _cost.Spread);
        var (rows, length) = (0, 0);
        for (var i = 0; i < places.Length; i++)
        {
            ref var entry = ref group.At(places[i]);
            var isLate = now + (_cost.Predict(rows, length) * _cost.Spread) > latest;
            rows += entry.Request.Rows;
            length = Math.Max(length, entry.Request.Length);
            if (next.IsBefore(entry) && !isLate && now + (_cost.Predict(rows, length) * _cost.Spread) > latest)
            {
                return i;
            }
        }

        return places.Length;
    }

    private void Observe(QueueGroup<T> group, ReadOnlySpan<int> places)
    {
        var (rows, length, work) = (0, 0, 0.0);
        foreach (var place in places)
        {
            ref var entry = ref group.At(place);
            rows += entry.Request.Rows;
            length = Math.Max(length, entry.Request.Length);
            work += entry.Work;
        }

        _ratio.Observe(_cost.Predict(rows, length), work);
    }

    private static bool HasDeadlines(QueueGroup<T> group, int window)
    {
        for (var place = 0; place < window; place++)
        {
            if (group.At(place).Request.Deadline < double.PositiveInfinity)
            {
                return true;
            }
        }

        return false;
    }

    // All have one length and none has a deadline: the first, as many as are cheaper together.
    private int TakeFirst(QueueGroup<T> group, int window, int freeLanes, Span<int> places)
    {
        var most = BatchSize.Next(group.Rows, group.Head.Request.Length, _cost, Limits, freeLanes);
        var (count, rows) = (0, 0);
        for (; count < window; count++)
        {
            rows += group.At(count).Request.Rows;
            if (count > 0 && rows > most)
            {
                break;
            }

            places[count] = count;
        }

        return count;
    }

    private int Plan(QueueGroup<T> group, int window, double now, int freeLanes, Span<int> places)
    {
        var urgent = ArrayPool<WaitingRequest>.Shared.Rent(window);
        for (var place = 0; place < window; place++)
        {
            urgent[place] = group.At(place).Request;
        }

        var waiting = urgent.AsSpan(0, window);
        int count;
        if (group.IsMixed)
        {
            count = BatchPlanner.Next(waiting, _cost, Limits, now, _cost.Spread, places);
        }
        else
        {
            count = TakeFirst(group, window, freeLanes, places);
            count = BatchPlanner.KeepDeadlines(places[..count], waiting, _cost, now, _cost.Spread);
        }

        ArrayPool<WaitingRequest>.Shared.Return(urgent, clearArray: true);
        return count;
    }

    private void Remove(QueueGroup<T> group, ReadOnlySpan<int> places)
    {
        var slots = ArrayPool<int>.Shared.Rent(places.Length);
        for (var i = 0; i < places.Length; i++)
        {
            slots[i] = group.SlotAt(places[i]);
            ref var entry = ref _slots[slots[i]];
            Count--;
            Rows -= entry.Request.Rows;
            Work -= entry.Work;
            _tenants.Leave(entry.Tenant!);
        }

        group.RemoveAt(places);
        for (var i = 0; i < places.Length; i++)
        {
            _slots.Return(slots[i]);
        }

        ArrayPool<int>.Shared.Return(slots);
        Work = Count == 0 ? 0 : Work;
        if (group.Count > 0)
        {
            _heap.Update(group);
            return;
        }

        _heap.Remove(group);
        _groups.Remove(group.Key!);
        group.Key = null;
        _empty.Push(group);
    }

    // A second tenant has come: what waits already takes its place by what its tenant has taken.
    private void CountLags()
    {
        for (var i = 0; i < _heap.Count; i++)
        {
            var group = _heap[i];
            for (var place = 0; place < group.Count; place++)
            {
                ref var entry = ref group.At(place);
                entry.Key = Urgency.Key(entry.Request with { Deadline = entry.ClientDeadline }, _rules.Objective) + entry.Lag;
            }

            group.Sort();
        }

        _heap.Rebuild();
    }
}
