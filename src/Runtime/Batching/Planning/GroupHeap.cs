namespace Serving.Runtime.Batching.Planning;

/// <summary>The groups of a queue by their most urgent request: a binary heap in which a group can be found again when its head changes.</summary>
internal sealed class GroupHeap<T>
{
    private readonly List<QueueGroup<T>> _groups = [];

    public int Count => _groups.Count;

    public QueueGroup<T> Top => _groups[0];

    /// <summary>The most urgent but for the top; null where there is no other.</summary>
    public QueueGroup<T>? Second => Count switch
    {
        < 2 => null,
        2 => _groups[1],
        _ => _groups[1].Head.IsBefore(_groups[2].Head) ? _groups[1] : _groups[2],
    };

    public QueueGroup<T> this[int place] => _groups[place];

    public void Add(QueueGroup<T> group)
    {
        _groups.Add(group);
        group.HeapPlace = _groups.Count - 1;
        Up(group.HeapPlace);
    }

    /// <summary>A group's head has changed.</summary>
    public void Update(QueueGroup<T> group)
    {
        Up(group.HeapPlace);
        Down(group.HeapPlace);
    }

    public void Remove(QueueGroup<T> group)
    {
        var place = group.HeapPlace;
        var last = _groups.Count - 1;
        Put(_groups[last], place);
        _groups.RemoveAt(last);
        if (place < last)
        {
            Update(_groups[place]);
        }
    }

    /// <summary>Puts all into their order again.</summary>
    public void Rebuild()
    {
        for (var place = (_groups.Count / 2) - 1; place >= 0; place--)
        {
            Down(place);
        }
    }

    private void Up(int place)
    {
        var group = _groups[place];
        while (place > 0 && group.Head.IsBefore(_groups[(place - 1) / 2].Head))
        {
            Put(_groups[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(group, place);
    }

    private void Down(int place)
    {
        var group = _groups[place];
        for (var child = (2 * place) + 1; child < _groups.Count; child = (2 * place) + 1)
        {
            if (child + 1 < _groups.Count && _groups[child + 1].Head.IsBefore(_groups[child].Head))
            {
                child++;
            }

            if (!_groups[child].Head.IsBefore(group.Head))
            {
                break;
            }

            Put(_groups[child], place);
            place = child;
        }

        Put(group, place);
    }

    private void Put(QueueGroup<T> group, int place)
    {
        _groups[place] = group;
        group.HeapPlace = place;
    }
}
