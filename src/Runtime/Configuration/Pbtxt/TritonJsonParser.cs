using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>
/// Parses Triton's model configuration written as protobuf's JSON into the tree that its text format has, so that the same rules hold for
/// both. Names are Triton's or the same in camel case; maps are objects, enumerators are strings, integers may be strings; null is not given.
/// </summary>
internal ref struct TritonJsonParser
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private TextPosition _at = new(1, 1);
    private int _seen;

    private TritonJsonParser(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ConfigLimits.Depth });
    }

    /// <summary>The text as one message.</summary>
    /// <exception cref="PbtxtSyntaxException">The text is no JSON, or not an object.</exception>
    public static PbtxtNode.Message Parse(string text)
    {
        var start = new TextPosition(1, 1);
        if (text.Length > ConfigLimits.FileLength)
        {
            throw new PbtxtSyntaxException(start, $"the configuration is too long; allowed are {ConfigLimits.FileLength} characters");
        }

        var parser = new TritonJsonParser(Encoding.UTF8.GetBytes(text));
        try
        {
            return parser.ReadRoot();
        }
        catch (JsonException error)
        {
            throw new PbtxtSyntaxException(
                new TextPosition((error.LineNumber ?? 0) + 1, (error.BytePositionInLine ?? 0) + 1), $"this is no valid JSON: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new PbtxtSyntaxException(parser._at, "after this, a text holds half of a surrogate pair");
        }
    }

    private PbtxtNode.Message ReadRoot()
    {
        Advance();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw new PbtxtSyntaxException(_at, "a JSON object is expected");
        }

        var root = ReadMessage("");
        _reader.Read();
        return root;
    }

    private void Advance()
    {
        _reader.Read();
        var skipped = _json[_seen..(int)_reader.TokenStartIndex];
        var lines = skipped.Count((byte)'\n');
        var column = lines == 0 ? _at.Column + skipped.Length : skipped.Length - skipped.LastIndexOf((byte)'\n');
        _at = new TextPosition(_at.Line + lines, column);
        _seen = (int)_reader.TokenStartIndex;
    }

    private PbtxtNode.Message ReadMessage(string path)
    {
        var at = _at;
        var fields = ImmutableArray.CreateBuilder<PbtxtField>();
        for (Advance(); _reader.TokenType != JsonTokenType.EndObject; Advance())
        {
            var name = NameOf(_reader.GetString()!, path);
            var nameAt = _at;
            Advance();
            ReadField(fields, name, nameAt, path.Length == 0 ? name : $"{path}.{name}");
        }

        return new PbtxtNode.Message(at, fields.ToImmutable());
    }

    private void ReadField(ImmutableArray<PbtxtField>.Builder fields, string name, TextPosition at, string path)
    {
        var known = TritonFields.ByPath.GetValueOrDefault(path);
        switch (_reader.TokenType)
        {
            case JsonTokenType.Null:
                break;
            case JsonTokenType.StartArray:
                for (Advance(); _reader.TokenType != JsonTokenType.EndArray; Advance())
                {
                    fields.Add(new PbtxtField(name, at, ReadValue(known, path)));
                }

                break;
            case JsonTokenType.StartObject when known is { IsRepeated: true }:
                ReadMap(fields, name, path);
                break;
            default:
                fields.Add(new PbtxtField(name, at, ReadValue(known, path)));
                break;
        }
    }

    /// <summary>Repeated messages are arrays in JSON; an object is a map, an entry for each of its names.</summary>
    private void ReadMap(ImmutableArray<PbtxtField>.Builder fields, string name, string path)
    {
        for (Advance(); _reader.TokenType != JsonTokenType.EndObject; Advance())
        {
            var at = _at;
            var key = new PbtxtField("key", at, new PbtxtNode.Scalar(at, PbtxtTokenKind.String, _reader.GetString()!));
            Advance();
            var value = new PbtxtField("value", _at, ReadValue(TritonFields.ByPath.GetValueOrDefault($"{path}.value"), $"{path}.value"));
            fields.Add(new PbtxtField(name, at, new PbtxtNode.Message(at, [key, value])));
        }
    }

    private PbtxtNode ReadValue(TritonField? known, string path)
    {
        var at = _at;
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadMessage(path);
            case JsonTokenType.StartArray:
                throw new PbtxtSyntaxException(at, $"an array stands in an array, under {ConfigErrors.Quote(path)}");
            case JsonTokenType.String:
                var text = _reader.GetString()!;
                return new PbtxtNode.Scalar(at, KindOf(text, known), text);
            case JsonTokenType.Number:
                return new PbtxtNode.Scalar(at, PbtxtTokenKind.Number, Encoding.ASCII.GetString(_reader.ValueSpan));
            case JsonTokenType.Null:
                throw new PbtxtSyntaxException(at, $"null stands in an array or map, under {ConfigErrors.Quote(path)}");
            default:
                return new PbtxtNode.Scalar(at, PbtxtTokenKind.Identifier, _reader.TokenType == JsonTokenType.True ? "true" : "false");
        }
    }

    private static PbtxtTokenKind KindOf(string text, TritonField? known) => known?.Kind switch
    {
        TritonFieldKind.Enumerator => PbtxtTokenKind.Identifier,
        TritonFieldKind.Integer when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => PbtxtTokenKind.Number,
        _ => PbtxtTokenKind.String,
    };

    /// <summary>Protobuf's JSON allows a field's name in camel case.</summary>
    private static string NameOf(string name, string path)
    {
        if (!name.Any(char.IsAsciiLetterUpper))
        {
            return name;
        }

        var snake = string.Concat(name.Select(c => char.IsAsciiLetterUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}"));
        return TritonFields.ByPath.ContainsKey(path.Length == 0 ? snake : $"{path}.{snake}") ? snake : name;
    }
}
