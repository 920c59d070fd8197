namespace Serving.Runtime.Batching.Planning;

/// <summary>The requests of a queue, each in a place that it keeps until it leaves. Places are reused.</summary>
internal sealed class QueueSlots<T>
{
    private QueueEntry<T>[] _entries = new QueueEntry<T>[16];
    private int _free = -1;
    private int _used;

    public ref QueueEntry<T> this[int slot] => ref _entries[slot];

    public int Rent()
    {
        if (_free >= 0)
        {
            var slot = _free;
            _free = _entries[slot].NextFree;
            return slot;
        }

        if (_used == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * _used);
        }

        return _used++;
    }

    public void Return(int slot)
    {
        _entries[slot] = new QueueEntry<T> { NextFree = _free };
        _free = slot;
    }
}
