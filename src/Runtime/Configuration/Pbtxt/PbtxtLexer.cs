namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Cuts protobuf's text format into tokens.</summary>
internal sealed class PbtxtLexer
{
    private readonly string _text;
    private int _position;
    private int _line = 1;
    private int _lineStart;

    public PbtxtLexer(string text) => _text = text;

    /// <summary>The next token; <see cref="PbtxtTokenKind.End"/> from the end on.</summary>
    public PbtxtToken Next()
    {
        SkipBlanksAndComments();
        var at = Here;
        if (_position == _text.Length)
        {
            return new PbtxtToken(PbtxtTokenKind.End, "", at);
        }

        var first = _text[_position];
        if (first is '"' or '\'')
        {
            return new PbtxtToken(PbtxtTokenKind.String, ReadString(first), at);
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            return new PbtxtToken(PbtxtTokenKind.Identifier, Take(static c => char.IsAsciiLetterOrDigit(c) || c == '_'), at);
        }

        if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return new PbtxtToken(PbtxtTokenKind.Number, ReadNumber(), at);
        }

        if ("{}[]<>:,;-/.".Contains(first))
        {
            _position++;
            return new PbtxtToken(PbtxtTokenKind.Punctuation, first.ToString(), at);
        }

        throw new PbtxtSyntaxException(at, $"the character {ConfigErrors.Quote(first.ToString())} cannot stand here");
    }

    private TextPosition Here => new(_line, _position - _lineStart + 1);

    private char Peek(int ahead) => _position + ahead < _text.Length ? _text[_position + ahead] : '\0';

    private void SkipBlanksAndComments()
    {
        while (_position < _text.Length)
        {
            var c = _text[_position];
            if (c == '#')
            {
                var end = _text.IndexOf('\n', _position);
                _position = end < 0 ? _text.Length : end;
            }
            else if (c is ' ' or '\t' or '\r' or '\v' or '\f' or '\n')
            {
                _position++;
                if (c == '\n')
                {
                    _line++;
                    _lineStart = _position;
                }
            }
            else
            {
                return;
            }
        }
    }

    private string Take(Func<char, bool> belongs)
    {
        var start = _position;
        while (_position < _text.Length && belongs(_text[_position]))
        {
            _position++;
        }

        return _text[start.._position];
    }

    /// <summary>Takes everything that may be part of a number; whether it is one is decided where its kind is known.</summary>
    private string ReadNumber()
    {
        var start = _position;
        while (_position < _text.Length)
        {
            var c = _text[_position];
            var isExponentSign = c is '+' or '-' && _text[_position - 1] is 'e' or 'E' && !_text.AsSpan(start).StartsWith("0x");
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_') && !isExponentSign)
            {
                break;
            }

            _position++;
        }

        return _text[start.._position];
    }

    private string ReadString(char quote)
    {
        var start = Here;
        _position++;
        var bytes = new PbtxtStringBuilder(start);
        while (true)
        {
            var c = Peek(0);
            if (_position >= _text.Length || c == '\n')
            {
                throw new PbtxtSyntaxException(start, "the string that begins here does not end in its line");
            }

            _position++;
            if (c == quote)
            {
                return bytes.Build();
            }

            if (c == '\\')
            {
                _position += bytes.AppendEscape(_text.AsSpan(_position));
            }
            else
            {
                bytes.Append(c);
            }
        }
    }
}
