using System.Collections.Immutable;
using System.Text;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>Parses protobuf's text format into a tree with places, without knowing the message's type.</summary>
internal sealed class PbtxtParser
{
    private readonly PbtxtLexer _lexer;
    private PbtxtToken _token;

    private PbtxtParser(string text)
    {
        _lexer = new PbtxtLexer(text);
        _token = _lexer.Next();
    }

    /// <summary>The text as one message.</summary>
    /// <exception cref="PbtxtSyntaxException">The text is not in the format.</exception>
    public static PbtxtNode.Message Parse(string text)
    {
        var start = new TextPosition(1, 1);
        if (text.Length > ConfigLimits.FileLength)
        {
            throw new PbtxtSyntaxException(start, $"the file is too long; allowed are {ConfigLimits.FileLength} characters");
        }

        var parser = new PbtxtParser(text.TrimStart('\uFEFF'));
        return new PbtxtNode.Message(start, parser.ReadFields(default, 0));
    }

    /// <summary>Reads fields up to <paramref name="close"/>, which stays; up to the end of the text where it is default.</summary>
    private ImmutableArray<PbtxtField> ReadFields(char close, int depth)
    {
        if (depth > ConfigLimits.Depth)
        {
            throw new PbtxtSyntaxException(_token.At, $"messages nest deeper than {ConfigLimits.Depth} levels");
        }

        var fields = ImmutableArray.CreateBuilder<PbtxtField>();
        while (close == default ? _token.Kind != PbtxtTokenKind.End : !_token.Is(close))
        {
            ReadField(fields, close, depth);
            if (_token.Is(',') || _token.Is(';'))
            {
                Advance();
            }
        }

        return fields.ToImmutable();
    }

    private void ReadField(ImmutableArray<PbtxtField>.Builder fields, char close, int depth)
    {
        if (_token.Kind != PbtxtTokenKind.Identifier)
        {
            throw Unexpected(close == default ? "a field's name" : $"a field's name or '{close}'");
        }

        var (name, at) = (_token.Text, _token.At);
        Advance();
        var hasColon = _token.Is(':');
        if (hasColon)
        {
            Advance();
        }

        if (!_token.Is('['))
        {
            fields.Add(new PbtxtField(name, at, ReadValue(hasColon, depth)));
            return;
        }

        Advance();
        while (!_token.Is(']'))
        {
            fields.Add(new PbtxtField(name, at, ReadValue(hasColon, depth)));
            if (_token.Is(','))
            {
                Advance();
            }
            else if (!_token.Is(']'))
            {
                throw Unexpected("',' or ']'");
            }
        }

        Advance();
    }

    private PbtxtNode ReadValue(bool hasColon, int depth)
    {
        if (_token.Is('{') || _token.Is('<'))
        {
            return ReadMessage(_token.Is('{') ? '}' : '>', depth);
        }

        if (!hasColon)
        {
            throw Unexpected("':' or '{'");
        }

        var at = _token.At;
        var sign = "";
        if (_token.Is('-'))
        {
            sign = "-";
            Advance();
        }

        var isValue = sign.Length > 0
            ? _token.Kind is PbtxtTokenKind.Number or PbtxtTokenKind.Identifier
            : _token.Kind is PbtxtTokenKind.Number or PbtxtTokenKind.Identifier or PbtxtTokenKind.String;
        if (!isValue)
        {
            throw Unexpected("a value");
        }

        var (kind, text) = (_token.Kind, _token.Text);
        Advance();
        return new PbtxtNode.Scalar(at, kind, kind == PbtxtTokenKind.String ? JoinStrings(text) : sign + text);
    }

    private PbtxtNode.Message ReadMessage(char close, int depth)
    {
        var at = _token.At;
        Advance();
        var fields = ReadFields(close, depth + 1);
        Advance();
        return new PbtxtNode.Message(at, fields);
    }

    /// <summary>Strings that follow one another are one string.</summary>
    private string JoinStrings(string first)
    {
        if (_token.Kind != PbtxtTokenKind.String)
        {
            return first;
        }

        var joined = new StringBuilder(first);
        for (; _token.Kind == PbtxtTokenKind.String; Advance())
        {
            joined.Append(_token.Text);
        }

        return joined.ToString();
    }

    private void Advance() => _token = _lexer.Next();

    private PbtxtSyntaxException Unexpected(string expected) => new(_token.At, $"{_token.Describe()} stands where {expected} is expected");
}
