using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Serving.Runtime.Configuration.Yaml;

/// <summary>
/// Turns YAML text into a tree with places. Refuses what a configuration does not need and what makes it ambiguous:
/// anchors, aliases, tags, several documents, keys that are not plain values.
/// </summary>
internal sealed class YamlTreeReader
{
    private readonly ConfigErrors _errors;
    private readonly Parser _parser;
    private TextPosition _last = new(1, 1);

    private YamlTreeReader(string text, ConfigErrors errors)
    {
        _errors = errors;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document's root; null where there is none. What is wrong is added to <paramref name="errors"/>.</summary>
    public static YamlNode? Read(string text, ConfigErrors errors)
    {
        if (text.Length > ConfigLimits.FileLength)
        {
            errors.Add(new TextPosition(1, 1), "", $"the file is too long; allowed are {ConfigLimits.FileLength} characters");
            return null;
        }

        var reader = new YamlTreeReader(text, errors);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException error)
        {
            errors.Add(PositionOf(error.Start), "", $"this is no valid YAML: {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The parser has no message for some kinds of damaged text.
            errors.Add(reader._last, "", "after this, the text is no valid YAML");
        }

        return null;
    }

    private static TextPosition PositionOf(Mark mark) => new(mark.Line, mark.Column);

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.TryConsume<StreamEnd>(out _))
        {
            _errors.Add(PositionOf(_parser.Current!.Start), "", "a second document begins here; allowed is one");
        }

        return root;
    }

    private YamlNode ReadNode(int depth)
    {
        var at = PositionOf(_parser.Current!.Start);
        _last = at;
        if (depth > ConfigLimits.Depth)
        {
            throw new YamlException(_parser.Current.Start, _parser.Current.End, $"values nest deeper than {ConfigLimits.Depth} levels");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            _errors.Add(at, "", $"aliases such as '*{alias.Value}' are not supported; write the value out");
            return new YamlNode.Scalar(at, "", IsQuoted: true);
        }

        RefuseDecoration(at);
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlNode.Scalar(at, scalar.Value, scalar.Style != ScalarStyle.Plain);
        }

        return _parser.TryConsume<SequenceStart>(out _) ? ReadSequence(at, depth) : ReadMapping(at, depth);
    }

    private void RefuseDecoration(TextPosition at)
    {
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false })
        {
            _errors.Add(at, "", "anchors are not supported; write the value where it is used");
        }

        if (_parser.Current is NodeEvent { Tag.IsEmpty: false } node)
        {
            _errors.Add(at, "", $"tags such as {ConfigErrors.Quote(node.Tag.ToString())} are not supported");
        }
    }

    private YamlNode.Sequence ReadSequence(TextPosition at, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlNode.Sequence(at, items.ToImmutable());
    }

    private YamlNode.Mapping ReadMapping(TextPosition at, int depth)
    {
        _parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is YamlNode.Scalar name)
            {
                entries.Add(new YamlEntry(name.Value, key.At, value));
            }
            else
            {
                _errors.Add(key.At, "", $"{key.Describe()} cannot be a key; allowed is a name");
            }
        }

        return new YamlNode.Mapping(at, entries.ToImmutable());
    }
}
