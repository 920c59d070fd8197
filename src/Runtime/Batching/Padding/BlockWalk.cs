namespace Serving.Runtime.Batching.Padding;

/// <summary>Walks over the longest runs of bytes that lie together both in a block and in the tensor that it is a block of.</summary>
internal ref struct BlockWalk
{
    private readonly ReadOnlySpan<long> _part;
    private readonly ReadOnlySpan<long> _whole;
    private readonly Span<long> _at;
    private readonly int _axis;
    private readonly long _offset;
    private readonly int _elementSize;
    private readonly int _runAxis;
    private bool _ended;

    public BlockWalk(ReadOnlySpan<long> part, ReadOnlySpan<long> whole, int axis, long offset, int elementSize, Span<long> scratch)
    {
        _part = part;
        _whole = whole;
        _at = scratch;
        _axis = axis;
        _offset = offset;
        _elementSize = elementSize;

        // A run takes in every inner axis that the block fills, and the one outside of those.
        _runAxis = part.Length - 1;
        while (_runAxis > 0 && part[_runAxis] == whole[_runAxis])
        {
            _runAxis--;
        }

        var run = 1L;
        foreach (var extent in _runAxis >= 0 ? part[_runAxis..] : [])
        {
            run *= extent;
        }

        RunBytes = checked((int)(run * elementSize));
        foreach (var extent in part)
        {
            _ended |= extent == 0;
        }
    }

    /// <summary>The bytes of a run.</summary>
    public int RunBytes { get; }

    /// <summary>The next run's place in both, in bytes; false when there is none.</summary>
    public bool Next(out int inPart, out int inWhole)
    {
        (inPart, inWhole) = (0, 0);
        if (_ended)
        {
            return false;
        }

        var (from, to) = (0L, 0L);
        for (var axis = 0; axis < _part.Length; axis++)
        {
            var place = axis < _runAxis ? _at[axis] : 0;
            from = (from * _part[axis]) + place;
            to = (to * _whole[axis]) + place + (axis == _axis ? _offset : 0);
        }

        (inPart, inWhole) = (checked((int)(from * _elementSize)), checked((int)(to * _elementSize)));
        Step();
        return true;
    }

    private void Step()
    {
        for (var axis = _runAxis - 1; axis >= 0; axis--)
        {
            if (++_at[axis] < _part[axis])
            {
                return;
            }

            _at[axis] = 0;
        }

        _ended = true;
    }
}
