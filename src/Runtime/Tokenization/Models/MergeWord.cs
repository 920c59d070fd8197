namespace Serving.Runtime.Tokenization.Models;

/// <summary>
/// A word's symbols while they are merged: always the pair of the lowest rank, of equal ones the leftmost. Short words look
/// through all pairs each time; long ones keep them in a heap, so that no text takes more than n log n. For one thread.
/// </summary>
internal sealed class MergeWord
{
    // From about here on the heap is faster.
    private const int ShortWord = 48;
    private const int NoMerge = int.MaxValue;

    private readonly PriorityQueue<int, long> _queue = new();
    private Symbol[] _symbols = new Symbol[64];

    public int Count { get; private set; }

    /// <summary>A symbol's token and how many bytes it stands for.</summary>
    public (int Id, int Bytes) this[int index] => (_symbols[index].Id, _symbols[index].Bytes);

    public void Clear() => Count = 0;

    public void Add(int id, int bytes)
    {
        if (Count == _symbols.Length)
        {
            Array.Resize(ref _symbols, 2 * Count);
        }

        _symbols[Count] = new Symbol { Id = id, Bytes = bytes, Previous = Count - 1, Next = Count + 1 };
        Count++;
    }

    /// <summary>Merges until no pair is left, and closes the gaps.</summary>
    public void Merge(MergeTable merges)
    {
        for (var i = 0; i < Count; i++)
        {
            Look(i, merges);
        }

        if (Count <= ShortWord)
        {
            MergeByScan(merges);
        }
        else
        {
            MergeByHeap(merges);
        }

        var kept = 0;
        for (var i = 0; i < Count; i = _symbols[i].Next)
        {
            (_symbols[kept].Id, _symbols[kept].Bytes, var next) = (_symbols[i].Id, _symbols[i].Bytes, _symbols[i].Next);
            _symbols[i].Next = next;
            kept++;
        }

        Count = kept;
    }

    private void MergeByScan(MergeTable merges)
    {
        while (true)
        {
            var best = -1;
            var rank = NoMerge;
            for (var i = 0; i < Count; i = _symbols[i].Next)
            {
                if (_symbols[i].Rank < rank)
                {
                    (best, rank) = (i, _symbols[i].Rank);
                }
            }

            if (best < 0)
            {
                return;
            }

            Join(best, merges);
        }
    }

    private void MergeByHeap(MergeTable merges)
    {
        _queue.Clear();
        for (var i = 0; i < Count; i++)
        {
            Enqueue(i);
        }

        while (_queue.TryDequeue(out var at, out var order))
        {
            // An entry whose pair is no more, or another one, is out of date.
            if (_symbols[at].Rank == (int)(order >> 32) && !_symbols[at].IsGone)
            {
                Join(at, merges);
                Enqueue(at);
                if (_symbols[at].Previous >= 0)
                {
                    Enqueue(_symbols[at].Previous);
                }
            }
        }
    }

    private void Enqueue(int at)
    {
        if (_symbols[at].Rank != NoMerge)
        {
            _queue.Enqueue(at, ((long)_symbols[at].Rank << 32) | (uint)at);
        }
    }

    private void Join(int at, MergeTable merges)
    {
        ref var left = ref _symbols[at];
        ref var right = ref _symbols[left.Next];
        left.Id = left.Merged;
        left.Bytes += right.Bytes;
        left.Next = right.Next;
        right.IsGone = true;
        if (left.Next < Count)
        {
            _symbols[left.Next].Previous = at;
        }

        Look(at, merges);
        if (left.Previous >= 0)
        {
            Look(left.Previous, merges);
        }
    }

    // Notes what a symbol and the one behind it merge into.
    private void Look(int at, MergeTable merges)
    {
        ref var symbol = ref _symbols[at];
        symbol.Rank = NoMerge;
        if (symbol.Next < Count && merges.TryGet(symbol.Id, _symbols[symbol.Next].Id, out var rank, out var id))
        {
            symbol.Rank = rank;
            symbol.Merged = id;
        }
    }

    private struct Symbol
    {
        public int Id;
        public int Bytes;
        public int Previous;
        public int Next;
        public int Rank;
        public int Merged;
        public bool IsGone;
    }
}
