using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>Reads what stands in brackets: characters, ranges, escapes, POSIX brackets, brackets in brackets, and &amp;&amp;.</summary>
internal sealed class SetReader
{
    private readonly string _pattern;
    private int _at;

    /// <summary>Reads behind a '['.</summary>
    public SetReader(string pattern, int at)
    {
        _pattern = pattern;
        _at = at;
    }

    /// <summary>The set, and the place behind its ']'.</summary>
    public CodePointSet Read(out int end)
    {
        var set = ReadSet(1);
        end = _at;
        return set;
    }

    private char Current => _at < _pattern.Length ? _pattern[_at] : throw new PatternException("a '[' without its ']'");

    private CodePointSet ReadSet(int depth)
    {
        // Arbitrary, so that no pattern overruns the stack.
        if (depth > 20)
        {
            throw new PatternException($"brackets nest deeper than 20, at character {_at + 1}");
        }

        var isNegative = TryTake("^");
        var ranges = new List<(int, int)>();
        CodePointSet? all = null;
        for (var isFirst = true; isFirst || Current != ']'; isFirst = false)
        {
            if (TryTake("&&"))
            {
                all = Meet(all, ranges);
            }
            else if (TryReadPosix() is { } posix)
            {
                ranges.AddRange(posix.Ranges);
            }
            else if (TryTake("["))
            {
                ranges.AddRange(ReadSet(depth + 1).Ranges);
            }
            else
            {
                ReadRange(ranges);
            }
        }

        _at++;
        all = Meet(all, ranges);
        return isNegative ? all.Complement() : all;
    }

    private static CodePointSet Meet(CodePointSet? left, List<(int, int)> ranges)
    {
        var right = new CodePointSet(ranges);
        ranges.Clear();
        return left?.Intersect(right) ?? right;
    }

    private CodePointSet? TryReadPosix()
    {
        if (!_pattern.AsSpan(_at).StartsWith("[:") || _pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal) is not (var end and > 0))
        {
            return null;
        }

        var name = _pattern[(_at + 2)..end];
        var isNegative = name.StartsWith('^');
        if (NamedSets.Posix(isNegative ? name[1..] : name) is not { } set)
        {
            return null;
        }

        _at = end + 2;
        return isNegative ? set.Complement() : set;
    }

    private void ReadRange(List<(int, int)> ranges)
    {
        var (set, from) = ReadOne();
        if (set is not null)
        {
            ranges.AddRange(set.Ranges);
            return;
        }

        // A '-' before the end of the brackets, or before a set, stands for itself.
        if (Current != '-' || _at + 1 < _pattern.Length && _pattern[_at + 1] is ']' or '[' || _pattern.AsSpan(_at).StartsWith("-&&"))
        {
            ranges.Add((from, from + 1));
            return;
        }

        _at++;
        if (ReadOne() is not (null, var to))
        {
            throw new PatternException($"a set where a range must end, at character {_at}");
        }

        if (to < from)
        {
            throw new PatternException($"a range whose end is before its start, at character {_at}");
        }

        ranges.Add((from, to + 1));
    }

    private (CodePointSet? Set, int Literal) ReadOne()
    {
        if (Current == '\\' && _at + 1 < _pattern.Length)
        {
            if (_pattern[_at + 1] == 'b')
            {
                _at += 2;
                return (null, '\b');
            }

            return EscapeReader.Read(_pattern, ref _at, inBrackets: true);
        }

        var c = CodePoints.At(_pattern, _at, out var length);
        _at += length;
        return (null, c);
    }

    private bool TryTake(string expected)
    {
        if (!_pattern.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }
}
