namespace Serving.Runtime.Tokenization.Text;

/// <summary>
/// A part of a text while it is normalized and split: the text as it is now, and for each of its UTF-16 units which range
/// of the original it stands for. While nothing has been inserted or removed there are no such ranges, only a distance.
/// Belongs to one <see cref="Workspace"/> and is used again for the next text.
/// </summary>
/// <remarks>
/// A rewrite works as the reference library's NormalizedString: characters are emitted in order, each with the number of
/// characters that it adds (1), that it replaces (0) or that it replaces and removes after it (minus that many). What is
/// added stands for the same range as the character before it, which is what offsets must show.
/// </remarks>
internal sealed class NormalizedText
{
    private char[] _units = new char[256];
    private int[] _starts = [];
    private int[] _ends = [];
    private char[] _newUnits = [];
    private int[] _newStarts = [];
    private int[] _newEnds = [];
    private int _newLength;
    private int _distance;
    private int _read;
    private int _readFrom;
    private bool _isAligned;

    /// <summary>How many units the text has now.</summary>
    public int Length { get; private set; }

    /// <summary>The text as it is now.</summary>
    public ReadOnlySpan<char> Span => _units.AsSpan(0, Length);

    /// <summary>Where the units may be replaced one by one, each character by one of as many units.</summary>
    public Span<char> InPlace => _units.AsSpan(0, Length);

    /// <summary>How much has been emitted in the rewrite that is going on: where the next character will stand.</summary>
    public int Written => _newLength;

    /// <summary>How much has been read in the rewrite that is going on.</summary>
    public int Position => _read;

    /// <summary>Starts anew with a part of the original text, which begins at <paramref name="start"/>.</summary>
    public void Load(ReadOnlySpan<char> part, int start)
    {
        if (_units.Length < part.Length)
        {
            _units = new char[Math.Max(part.Length, 2 * _units.Length)];
        }

        part.CopyTo(_units);
        Length = part.Length;
        _distance = start;
        _isAligned = false;
    }

    /// <summary>Starts anew with a part of another text, from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public void Load(NormalizedText other, int start, int end)
    {
        Load(other.Span[start..end], other.StartOf(start));
        if (other._isAligned)
        {
            if (_starts.Length < _units.Length)
            {
                _starts = new int[_units.Length];
                _ends = new int[_units.Length];
            }

            other._starts.AsSpan(start, Length).CopyTo(_starts);
            other._ends.AsSpan(start, Length).CopyTo(_ends);
            _isAligned = true;
        }
    }

    /// <summary>Where the range of a unit begins in the original.</summary>
    public int StartOf(int unit) => _isAligned
        ? _starts[unit]
        : _distance + (char.IsLowSurrogate(_units[unit]) && unit > 0 ? unit - 1 : unit);

    /// <summary>Where the range of a unit ends in the original.</summary>
    public int EndOf(int unit) => _isAligned
        ? _ends[unit]
        : _distance + (char.IsHighSurrogate(_units[unit]) && unit + 1 < Length ? unit + 2 : unit + 1);

    /// <summary>Begins to write the text anew from its first character on.</summary>
    public void BeginRewrite()
    {
        _newLength = 0;
        BeginPiece(0);
        Reserve(Length + (Length >> 2) + 16);
    }

    /// <summary>Goes on with the piece that begins at <paramref name="start"/>: what is added before its first character stands for an empty range.</summary>
    public void BeginPiece(int start)
    {
        _read = start;
        _readFrom = start;
    }

    /// <summary>Drops characters.</summary>
    public void Skip(int characters)
    {
        for (; characters > 0 && _read < Length; characters--)
        {
            _read += char.IsHighSurrogate(_units[_read]) && _read + 1 < Length ? 2 : 1;
        }
    }

    /// <summary>Writes a character; see the remarks of the class for <paramref name="change"/>.</summary>
    public void Emit(int codePoint, int change)
    {
        var (start, end) = change > 0 ? RangeBefore() : RangeAt(_read);
        if (change <= 0)
        {
            Skip(1 - change);
        }

        Reserve(2);
        if (codePoint < 0x10000)
        {
            Write((char)codePoint, start, end);
            return;
        }

        Write((char)(0xD800 + ((codePoint - 0x10000) >> 10)), start, end);
        Write((char)(0xDC00 + (codePoint & 0x3FF)), start, end);
    }

    /// <summary>Copies the characters up to <paramref name="end"/>, a place in the text that is read.</summary>
    public void CopyTo(int end)
    {
        Reserve(end - _read);
        for (; _read < end; _read++)
        {
            Write(_units[_read], StartOf(_read), EndOf(_read));
        }
    }

    /// <summary>Takes what was written as the text.</summary>
    public void EndRewrite()
    {
        (_units, _newUnits) = (_newUnits, _units);
        (_starts, _newStarts) = (_newStarts, _starts);
        (_ends, _newEnds) = (_newEnds, _ends);
        Length = _newLength;
        _isAligned = true;
    }

    private (int Start, int End) RangeBefore()
    {
        if (_read > _readFrom)
        {
            return (StartOf(_read - 1), EndOf(_read - 1));
        }

        var shift = _readFrom == 0 ? _distance : StartOf(_readFrom);
        return (shift, shift);
    }

    private (int Start, int End) RangeAt(int unit)
    {
        unit = Math.Min(unit, Length - 1);
        return unit < 0 ? (_distance, _distance) : (StartOf(unit), EndOf(unit));
    }

    private void Write(char unit, int start, int end)
    {
        _newUnits[_newLength] = unit;
        _newStarts[_newLength] = start;
        _newEnds[_newLength++] = end;
    }

    private void Reserve(int more)
    {
        if (_newLength + more > _newUnits.Length || _newUnits.Length != _newStarts.Length)
        {
            var size = Math.Max(_newLength + more, 2 * _newLength);
            Array.Resize(ref _newUnits, size);
            Array.Resize(ref _newStarts, size);
            Array.Resize(ref _newEnds, size);
        }
    }
}
