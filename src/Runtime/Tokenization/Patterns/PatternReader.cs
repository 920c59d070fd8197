using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>
/// Reads a pattern as Oniguruma does in its own syntax, the one that the reference library uses: groups, alternatives,
/// looking ahead and behind, greedy, lazy and possessive repetition, options. What needs captures (references, \K,
/// conditions) and the operators on graphemes are refused.
/// </summary>
internal sealed class PatternReader
{
    // Arbitrary; the longest known in use has 400 characters and nests four deep.
    private const int MaxLength = 20_000;
    private const int MaxDepth = 50;
    private const int MaxRepeat = 1000;

    private readonly string _pattern;
    private int _at;
    private int _depth;
    private bool _ignoresCase;
    private bool _dotIsAll;
    private bool _isExtended;

    private PatternReader(string pattern)
    {
        _pattern = pattern;
    }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="PatternException">It cannot be read or is not supported.</exception>
    public static Node Read(string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            throw new PatternException($"it has {pattern.Length} characters, allowed are {MaxLength}");
        }

        var reader = new PatternReader(pattern);
        var node = reader.ReadAlternatives();
        return reader._at == pattern.Length ? node : throw reader.Error("a ')' without its '('");
    }

    private bool IsAtEnd => _at == _pattern.Length;

    private PatternException Error(string what) => new($"{what}, at character {_at + 1}");

    private Node ReadAlternatives()
    {
        if (++_depth > MaxDepth)
        {
            throw Error($"groups nest deeper than {MaxDepth}");
        }

        var choices = new List<Node> { ReadSequence() };
        while (TryTake('|'))
        {
            choices.Add(ReadSequence());
        }

        _depth--;
        return choices.Count == 1 ? choices[0] : new Node.Alternatives(choices);
    }

    private Node ReadSequence()
    {
        var parts = new List<Node>();
        while (!IsAtEnd && _pattern[_at] is not ('|' or ')'))
        {
            if (_isExtended && TrySkipSpace())
            {
                continue;
            }

            if (ReadAtom() is { } atom)
            {
                parts.Add(ReadRepeats(atom));
            }
        }

        return parts.Count == 1 ? parts[0] : new Node.Sequence(parts);
    }

    private bool TrySkipSpace()
    {
        if (TryTake('#'))
        {
            while (!IsAtEnd && _pattern[_at++] != '\n')
            {
            }

            return true;
        }

        return _pattern[_at] is ' ' or '\t' or '\n' or '\r' or '\f' or '\v' && _at++ >= 0;
    }

    // Null for what matches nothing by itself: comments, and options to the end of the group.
    private Node? ReadAtom()
    {
        switch (_pattern[_at])
        {
            case '(':
                _at++;
                return ReadGroup();
            case '[':
                _at++;
                return OneOf(new SetReader(_pattern, _at).Read(out _at));
            case '.':
                _at++;
                return new Node.OneOf(_dotIsAll ? NamedSets.Any : NamedSets.Escape('N')!);
            case '^':
                _at++;
                return new Node.Anchor(AnchorKind.LineStart);
            case '$':
                _at++;
                return new Node.Anchor(AnchorKind.LineEnd);
            case '\\':
                return ReadEscape();
            case '*' or '+' or '?':
                throw Error($"'{_pattern[_at]}' has nothing before it to repeat");
            default:
                var c = CodePoints.At(_pattern, _at, out var length);
                _at += length;
                return Literal(c);
        }
    }

    private Node? ReadGroup()
    {
        if (!TryTake('?'))
        {
            return ReadBody();
        }

        switch (IsAtEnd ? '\0' : _pattern[_at++])
        {
            case ':':
                return ReadBody();
            case '>':
                return new Node.Atomic(ReadBody());
            case '=':
                return new Node.Look(ReadBody(), IsBehind: false, IsNegative: false);
            case '!':
                return new Node.Look(ReadBody(), IsBehind: false, IsNegative: true);
            case '#':
                _at = _pattern.IndexOf(')', _at) is var end and >= 0 ? end + 1 : throw Error("a comment without its end");
                return null;
            case '<' when TryTake('='):
                return new Node.Look(ReadBody(), IsBehind: true, IsNegative: false);
            case '<' when TryTake('!'):
                return new Node.Look(ReadBody(), IsBehind: true, IsNegative: true);
            case '<':
                _at = _pattern.IndexOf('>', _at) is var close and >= 0 ? close + 1 : throw Error("a group's name without its '>'");
                return ReadBody();
            default:
                _at--;
                return ReadOptions();
        }
    }

    private Node? ReadOptions()
    {
        var before = (_ignoresCase, _dotIsAll, _isExtended);
        for (var on = true; ; _at++)
        {
            switch (IsAtEnd ? '\0' : _pattern[_at])
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    _ignoresCase = on;
                    break;
                case 'm':
                    _dotIsAll = on;
                    break;
                case 'x':
                    _isExtended = on;
                    break;
                case ':':
                    _at++;
                    var body = ReadBody();
                    (_ignoresCase, _dotIsAll, _isExtended) = before;
                    return body;
                case ')':
                    // To the end of the group that this stands in; ReadBody puts the options back.
                    _at++;
                    return ReadAlternatives();
                default:
                    throw Error("a group of an unknown or unsupported kind");
            }
        }
    }

    private Node ReadBody()
    {
        var before = (_ignoresCase, _dotIsAll, _isExtended);
        var body = ReadAlternatives();
        (_ignoresCase, _dotIsAll, _isExtended) = before;
        return TryTake(')') ? body : throw Error("a '(' without its ')'");
    }

    private Node ReadEscape()
    {
        if (_at + 1 == _pattern.Length)
        {
            throw Error("a '\\' at the end");
        }

        switch (_pattern[_at + 1])
        {
            case 'A':
                return Anchor(AnchorKind.TextStart);
            case 'z':
                return Anchor(AnchorKind.TextEnd);
            case 'Z':
                return Anchor(AnchorKind.TextEndOrLastLine);
            case 'b':
                return Anchor(AnchorKind.WordBoundary);
            case 'B':
                return Anchor(AnchorKind.NoWordBoundary);
            case 'R':
                _at += 2;
                return new Node.Atomic(new Node.Alternatives([
                    new Node.Sequence([new Node.Literal('\r'), new Node.Literal('\n')]), new Node.OneOf(NamedSets.LineBreaks)]));
            case 'X' or 'K' or 'G' or 'k' or 'g' or 'y' or 'Y' or (>= '1' and <= '9'):
                throw Error($"'\\{_pattern[_at + 1]}' is not supported");
            default:
                var (set, literal) = EscapeReader.Read(_pattern, ref _at);
                return set is null ? Literal(literal) : OneOf(set);
        }
    }

    private Node.Anchor Anchor(AnchorKind kind)
    {
        _at += 2;
        return new Node.Anchor(kind);
    }

    private Node Literal(int codePoint)
    {
        if (_ignoresCase)
        {
            var closed = CaseVariants.Close(new CodePointSet([(codePoint, codePoint + 1)]));
            return closed.Ranges is [var (from, to)] && to == from + 1 ? new Node.Literal(codePoint) : new Node.OneOf(closed);
        }

        return new Node.Literal(codePoint);
    }

    private Node.OneOf OneOf(CodePointSet set) => new(_ignoresCase ? CaseVariants.Close(set) : set);

    private Node ReadRepeats(Node atom)
    {
        while (!IsAtEnd)
        {
            var (min, max) = _pattern[_at] switch
            {
                '*' => (0, int.MaxValue),
                '+' => (1, int.MaxValue),
                '?' => (0, 1),
                '{' => ReadInterval(),
                _ => (-1, -1),
            };
            if (min < 0)
            {
                break;
            }

            // A '+' after an interval repeats it again; it makes only the others possessive.
            var isInterval = _pattern[_at] == '{';
            _at = isInterval ? _pattern.IndexOf('}', _at) + 1 : _at + 1;
            var mode = TryTake('?') ? RepeatMode.Lazy : !isInterval && TryTake('+') ? RepeatMode.Possessive : RepeatMode.Greedy;
            atom = new Node.Repeat(atom, min, max, mode);
        }

        return atom;
    }

    // A '{' that begins no interval stands for itself.
    private (int Min, int Max) ReadInterval()
    {
        var end = _pattern.IndexOf('}', _at);
        var parts = end < 0 ? [] : _pattern[(_at + 1)..end].Split(',');
        if (parts.Length is 0 or > 2 || parts.Any(p => !p.All(char.IsAsciiDigit)) || parts.All(p => p.Length == 0))
        {
            return (-1, -1);
        }

        var min = parts[0].Length == 0 ? 0 : Count(parts[0]);
        var max = parts.Length == 1 ? min : parts[1].Length == 0 ? int.MaxValue : Count(parts[1]);
        return min <= max ? (min, max) : throw Error("an interval whose end is before its start");
    }

    private int Count(string digits) => int.TryParse(digits, out var count) && count <= MaxRepeat
        ? count
        : throw Error($"a repetition of {digits}, allowed is {MaxRepeat}");

    private bool TryTake(char expected)
    {
        if (IsAtEnd || _pattern[_at] != expected)
        {
            return false;
        }

        _at++;
        return true;
    }
}
