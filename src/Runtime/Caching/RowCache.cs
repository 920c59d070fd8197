namespace Serving.Runtime.Caching;

/// <summary>The rows that were asked and their answers, the ones longest not asked for going first when memory runs out.</summary>
/// <param name="maxBytes">The most memory.</param>
internal sealed class RowCache(long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RowKey, LinkedListNode<CachedRow>> _rows = [];
    private readonly LinkedList<CachedRow> _byUse = [];
    private long _bytes;

    /// <summary>What the answers take.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _rows.Count;
            }
        }
    }

    /// <summary>The row's entry, and whether it is new: then whoever asked finds the answer out, and either keeps or forgets it.</summary>
    public (CachedRow Row, bool IsNew) Find(in RowKey key)
    {
        lock (_lock)
        {
            if (_rows.TryGetValue(key, out var known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                return (known.Value, false);
            }

            var row = new CachedRow(key);
            _rows.Add(key, _byUse.AddFirst(row));
            return (row, true);
        }
    }

    /// <summary>Counts an answer that has become known, and drops others for it.</summary>
    public void Keep(CachedRow row)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(row.Key, out var node) || node.Value != row)
            {
                return;
            }

            _bytes += row.Bytes;
            for (var last = _byUse.Last; _bytes > maxBytes && last is not null;)
            {
                var before = last.Previous;
                if (last.Value.Bytes > 0)
                {
                    Remove(last);
                }

                last = before;
            }
        }
    }

    /// <summary>Drops a row whose answer was not to be had, so that the next who asks tries again.</summary>
    public void Forget(CachedRow row)
    {
        lock (_lock)
        {
            if (_rows.TryGetValue(row.Key, out var node) && node.Value == row)
            {
                Remove(node);
            }
        }
    }

    /// <summary>Drops every answer; those that are being found out reach who waits for them.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _rows.Clear();
            _byUse.Clear();
            _bytes = 0;
        }
    }

    private void Remove(LinkedListNode<CachedRow> node)
    {
        _rows.Remove(node.Value.Key);
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}
