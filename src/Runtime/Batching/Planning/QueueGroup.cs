namespace Serving.Runtime.Batching.Planning;

/// <summary>Requests of a queue that may share a batch, the most urgent first.</summary>
internal sealed class QueueGroup<T>(QueueSlots<T> slots)
{
    private int[] _order = new int[8];
    private int _first;
    private int _end;
    private int _length;

    /// <summary>What its requests have in common; null for one that runs alone.</summary>
    public object? Key { get; set; }

    /// <summary>Where the <see cref="GroupHeap{T}"/> holds it.</summary>
    public int HeapPlace { get; set; }

    public int Count => _end - _first;

    public int Rows { get; private set; }

    /// <summary>Seconds that they take in full batches.</summary>
    public double Work { get; private set; }

    /// <summary>Whether they may have several lengths.</summary>
    public bool IsMixed { get; private set; }

    public ref QueueEntry<T> Head => ref slots[_order[_first]];

    public int SlotAt(int place) => _order[_first + place];

    public ref QueueEntry<T> At(int place) => ref slots[_order[_first + place]];

    /// <summary>Seconds of work in front of a key.</summary>
    public double WorkBefore(double key)
    {
        if (Count == 0 || slots[_order[_end - 1]].Key <= key)
        {
            return Work;
        }

        // In proportion: exact where all are alike, and near enough where they are not.
        return Work * PlaceOf(key, long.MaxValue) / Count;
    }

    /// <summary>The place that a request with this key and number has or would have.</summary>
    public int PlaceOf(double key, long number)
    {
        var probe = new QueueEntry<T> { Key = key, Number = number };
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).IsBefore(probe))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    public void Insert(int slot)
    {
        ref var entry = ref slots[slot];
        IsMixed = Count > 0 && (IsMixed || entry.Request.Length != _length);
        _length = entry.Request.Length;
        Rows += entry.Request.Rows;
        Work += entry.Work;
        MakeRoom();
        var at = _end;
        if (Count > 0 && entry.IsBefore(slots[_order[_end - 1]]))
        {
            at = _first + PlaceOf(entry.Key, entry.Number);
            Array.Copy(_order, at, _order, at + 1, _end - at);
        }

        _order[at] = slot;
        _end++;
    }

    /// <summary>Takes requests out; their slots are still the caller's to return.</summary>
    /// <param name="places">Their places, ascending.</param>
    public void RemoveAt(ReadOnlySpan<int> places)
    {
        foreach (var place in places)
        {
            ref var entry = ref At(place);
            Rows -= entry.Request.Rows;
            Work -= entry.Work;
        }

        // What stays moves up behind the last that goes: most that go are near the front.
        var to = places[^1];
        var next = places.Length - 1;
        for (var from = to; from >= 0; from--)
        {
            if (next >= 0 && places[next] == from)
            {
                next--;
            }
            else
            {
                _order[_first + to--] = _order[_first + from];
            }
        }

        _first += places.Length;
        if (Count == 0)
        {
            (_first, _end, Rows, Work, IsMixed) = (0, 0, 0, 0, false);
        }
    }

    /// <summary>Puts all into their order again, after their keys were changed.</summary>
    public void Sort() => _order.AsSpan(_first.._end).Sort((a, b) => slots[a].IsBefore(slots[b]) ? -1 : slots[b].IsBefore(slots[a]) ? 1 : 0);

    private void MakeRoom()
    {
        if (_end < _order.Length)
        {
            return;
        }

        // What has been taken is let go of in large steps, because every step moves all that waits.
        var target = _first > _order.Length / 2 ? _order : new int[2 * _order.Length];
        Array.Copy(_order, _first, target, 0, Count);
        (_order, _end, _first) = (target, Count, 0);
    }
}
