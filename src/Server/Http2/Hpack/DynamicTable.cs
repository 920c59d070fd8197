namespace Serving.Server.Http2.Hpack;

/// <summary>The fields that the client has sent to be remembered, the newest first (RFC 7541, section 2.3.2).</summary>
/// <param name="limit">The most that they may take, which is also what they may take at first.</param>
internal sealed class DynamicTable(int limit)
{
    private (string Name, HeaderField Field)[] _ring = new (string, HeaderField)[16];
    private int _newest;
    private int _size;
    private int? _resized;

    public int Count { get; private set; }

    private int Capacity => _resized ?? limit;

    /// <summary>A field with its name as it was sent, counted from 0.</summary>
    public (string Name, HeaderField Field) this[int index] => _ring[(_newest - index) & (_ring.Length - 1)];

    /// <summary>Remembers a field; one that is larger than the table empties it.</summary>
    public void Add(string name, HeaderField field)
    {
        Shrink(Capacity - field.Size);
        if (field.Size > Capacity)
        {
            return;
        }

        if (Count == _ring.Length)
        {
            Grow();
        }

        _newest = (_newest + 1) & (_ring.Length - 1);
        _ring[_newest] = (name, field);
        _size += field.Size;
        Count++;
    }

    /// <summary>The client changes what the table may take; false where that is more than it was allowed.</summary>
    public bool TryResize(int capacity)
    {
        if (capacity > limit)
        {
            return false;
        }

        _resized = capacity;
        Shrink(capacity);
        return true;
    }

    private void Shrink(int size)
    {
        while (Count > 0 && _size > size)
        {
            ref var oldest = ref _ring[(_newest - Count + 1) & (_ring.Length - 1)];
            _size -= oldest.Field.Size;
            oldest = default;
            Count--;
        }
    }

    private void Grow()
    {
        var larger = new (string, HeaderField)[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[Count - 1 - i] = this[i];
        }

        (_ring, _newest) = (larger, Count - 1);
    }
}
