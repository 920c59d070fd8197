using System.Text;
using Serving.Runtime.Tokenization.PreTokenizers;
using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Models;

/// <summary>Byte pair encoding: characters, or bytes, merged pair by pair in the order that was learned.</summary>
internal sealed class BpeModel : IModel
{
    [ThreadStatic]
    private static MergeWord? _word;

    private readonly BpeOptions _options;
    private readonly MergeTable _merges;
    private readonly int _unknown;
    private readonly int[]? _bytes;

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    {
        Vocabulary = vocabulary;
        _options = options;
        _merges = merges;
        _unknown = options.Unknown is null ? -1 : vocabulary.Find(options.Unknown);
        _bytes = options.HasByteFallback ? vocabulary.FindBytes() : null;
    }

    public Vocabulary Vocabulary { get; }

    public int ShownAsText => -1;

    public void Tokenize(ReadOnlySpan<char> piece, TokenList output)
    {
        if (!_options.ReadsBytes)
        {
            TokenizeText(piece, new ByteRanges(piece), output);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(piece);
        var buffer = bytes <= 1024 ? stackalloc byte[bytes] : new byte[bytes];
        var characters = bytes <= 1024 ? stackalloc char[bytes] : new char[bytes];
        Encoding.UTF8.GetBytes(piece, buffer);
        for (var i = 0; i < bytes; i++)
        {
            characters[i] = ByteAlphabet.Characters[buffer[i]];
        }

        TokenizeText(characters, new ByteRanges(piece, characters), output);
    }

    private void TokenizeText(ReadOnlySpan<char> text, ByteRanges ranges, TokenList output)
    {
        if (_options.IgnoresMerges && Vocabulary.Find(text) is var whole and >= 0)
        {
            output.Add(whole, 0, ranges.Length);
            return;
        }

        var word = _word ??= new MergeWord();
        word.Clear();
        Cut(text, word);
        word.Merge(_merges);
        for (var (i, at) = (0, 0); i < word.Count; i++)
        {
            var (id, bytes) = word[i];
            var (start, end) = ranges.Of(at, at + bytes);
            output.Add(id, start, end);
            at += bytes;
        }

        // One long text must not keep its memory for good.
        _word = word.Count <= 1 << 16 ? word : null;
    }

    private void Cut(ReadOnlySpan<char> text, MergeWord word)
    {
        var unknownBytes = 0;
        for (var at = 0; at < text.Length;)
        {
            var c = CodePoints.At(text, at, out var length);
            var bytes = CodePoints.Utf8Length(c);
            var id = Find(text, at, length, out var symbol);
            if (id >= 0)
            {
                unknownBytes = AddUnknown(word, unknownBytes);
                word.Add(id, bytes);
            }
            else if (!TryAddBytes(symbol ?? text.Slice(at, length).ToString(), word))
            {
                unknownBytes = NoteUnknown(word, unknownBytes, bytes);
            }

            at += length;
        }

        AddUnknown(word, unknownBytes);
    }

    private int Find(ReadOnlySpan<char> text, int at, int length, out string? symbol)
    {
        symbol = null;
        var prefix = at > 0 ? _options.ContinuingPrefix : "";
        var suffix = at + length == text.Length ? _options.EndSuffix : "";
        if (prefix.Length + suffix.Length == 0)
        {
            return Vocabulary.Find(text.Slice(at, length));
        }

        symbol = string.Concat(prefix, text.Slice(at, length), suffix);
        return Vocabulary.Find(symbol);
    }

    private bool TryAddBytes(string symbol, MergeWord word)
    {
        if (_bytes is null)
        {
            return false;
        }

        var bytes = Encoding.UTF8.GetBytes(symbol);
        if (Array.Exists(bytes, b => _bytes[b] < 0))
        {
            return false;
        }

        foreach (var b in bytes)
        {
            word.Add(_bytes[b], 1);
        }

        return true;
    }

    // Unknown characters wait, so that the next one can join them.
    private int NoteUnknown(MergeWord word, int waiting, int bytes)
    {
        if (_options.Unknown is null)
        {
            return 0;
        }

        if (_unknown < 0)
        {
            throw new TokenizationException($"The tokenizer has no token for a character of the text, and its token for unknown ones, '{_options.Unknown}', is not in its vocabulary.");
        }

        if (waiting > 0 && _options.FusesUnknown)
        {
            return waiting + bytes;
        }

        AddUnknown(word, waiting);
        return bytes;
    }

    private int AddUnknown(MergeWord word, int waiting)
    {
        if (waiting > 0)
        {
            word.Add(_unknown, waiting);
        }

        return 0;
    }
}
