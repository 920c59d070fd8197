namespace Serving.Runtime.Tokenization.Text;

/// <summary>Turns delimiters and what is between them, told in order, into pieces by a <see cref="SplitBehavior"/>.</summary>
internal ref struct DelimiterSplit
{
    private readonly PieceList _output;
    private readonly SplitBehavior _behavior;
    private int _start;
    private int _end;
    private bool _isHeld;
    private bool _wasDelimiter;

    public DelimiterSplit(PieceList output, SplitBehavior behavior)
    {
        _output = output;
        _behavior = behavior;
    }

    /// <summary>The next range, which begins where the one before it ended. An empty one counts as any other.</summary>
    public void Add(int start, int end, bool isDelimiter)
    {
        switch (_behavior)
        {
            case SplitBehavior.Isolated:
                _output.Add(start, end);
                return;
            case SplitBehavior.Removed:
                if (!isDelimiter)
                {
                    _output.Add(start, end);
                }

                return;
        }

        var joins = _behavior switch
        {
            SplitBehavior.Contiguous => isDelimiter == _wasDelimiter,
            SplitBehavior.MergedWithPrevious => isDelimiter && !_wasDelimiter,
            _ => !isDelimiter && _wasDelimiter,
        };
        if (!_isHeld || !joins)
        {
            End();
            _start = start;
            _isHeld = true;
        }

        _end = end;
        _wasDelimiter = isDelimiter;
    }

    /// <summary>Writes what is held back; to be called once after the last range.</summary>
    public readonly void End()
    {
        if (_isHeld)
        {
            _output.Add(_start, _end);
        }
    }
}
