using Serving.Runtime.Configuration;
using Serving.Runtime.Tokenization.Loading;
using Serving.Runtime.Tokenization.PostProcessors;
using Serving.Runtime.Tokenization.Text;

namespace Serving.Runtime.Tokenization;

/// <summary>
/// Makes tokens of texts and texts of tokens as a <c>tokenizer.json</c> says, with the ids and offsets that Hugging Face's
/// tokenizers library gives. Safe for any number of threads.
/// </summary>
public sealed class Tokenizer
{
    // Arbitrary: what longer texts need is given back to the garbage collector.
    private const int KeptLength = 1 << 16;

    [ThreadStatic]
    private static Workspace? _workspace;

    private readonly Pipeline _pipeline;
    private readonly TextEncoder _encoder;

    internal Tokenizer(Pipeline pipeline, EncodeOptions options)
    {
        _pipeline = pipeline;
        _encoder = new TextEncoder(pipeline);
        Options = options;
        VocabularySize = pipeline.Model.Vocabulary.Count + pipeline.Added.CountBeyond(pipeline.Model.Vocabulary);
    }

    /// <summary>How texts are encoded where a caller does not say: with special tokens, and with the file's own truncation and padding.</summary>
    public EncodeOptions Options { get; }

    /// <summary>How many tokens there are, added ones included.</summary>
    public int VocabularySize { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigException">It cannot be read, is no tokenizer, or has a part that is not supported; names the key.</exception>
    public static Tokenizer Load(string path) => TokenizerFile.Load(path);

    /// <summary>Reads a file's content.</summary>
    /// <exception cref="ConfigException">It is no tokenizer or has a part that is not supported; names the key.</exception>
    public static Tokenizer Load(ReadOnlyMemory<byte> json) => TokenizerFile.Load(json, "tokenizer.json");

    /// <summary>The id of a token; null where there is no such token.</summary>
    public int? IdOf(string token)
    {
        var id = _pipeline.Added.Find(token);
        id = id >= 0 ? id : _pipeline.Model.Vocabulary.Find(token);
        return id >= 0 ? id : null;
    }

    /// <summary>The token of an id; null where there is none.</summary>
    public string? TokenOf(int id) => _pipeline.Added.TokenOf(id) ?? _pipeline.Model.Vocabulary.TokenOf(id);

    /// <summary>Encodes a text, or two that belong together.</summary>
    /// <exception cref="TokenizationException">The text cannot be encoded so; the message says why.</exception>
    public TokenEncoding Encode(string text, string? pair = null, EncodeOptions? options = null) => EncodeBatch([(text, pair)], options)[0];

    /// <summary>Encodes texts; padding without a length brings them all to that of the longest.</summary>
    /// <exception cref="TokenizationException">A text cannot be encoded so; the message says why.</exception>
    public TokenEncoding[] EncodeBatch(IReadOnlyList<string> texts, EncodeOptions? options = null) =>
        EncodeBatch([.. texts.Select(t => (t, (string?)null))], options);

    /// <summary>Encodes texts, or pairs of them; padding without a length brings them all to that of the longest.</summary>
    /// <exception cref="TokenizationException">A text cannot be encoded so; the message says why.</exception>
    public TokenEncoding[] EncodeBatch(ReadOnlySpan<(string Text, string? Pair)> texts, EncodeOptions? options = null)
    {
        options ??= Options;
        var encodings = new EncodingData[texts.Length];
        var workspace = _workspace ?? new Workspace();
        _workspace = null;
        var longest = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            encodings[i] = EncodeOne(texts[i].Text, texts[i].Pair, options, workspace);
            longest = Math.Max(longest, Math.Max(texts[i].Text.Length, texts[i].Pair?.Length ?? 0));
        }

        _workspace = longest <= KeptLength ? workspace : null;
        if (options.Padding is not null)
        {
            Padding.Apply(encodings, options.Padding);
        }

        return Array.ConvertAll(encodings, e => new TokenEncoding(e, _pipeline.TokenOf));
    }

    /// <summary>The text of ids; those that there are no tokens of are left out.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            if (TokenOf(id) is { } token && !(skipSpecial && _pipeline.Added.IsSpecial(token)))
            {
                tokens.Add(token);
            }
        }

        return _pipeline.Decoder is null ? string.Join(' ', tokens) : string.Concat(_pipeline.Decoder.Decode(tokens));
    }

    private EncodingData EncodeOne(string text, string? pair, EncodeOptions options, Workspace workspace)
    {
        if (Math.Max(text.Length, pair?.Length ?? 0) > TokenizationLimits.TextLength)
        {
            throw new TokenizationException($"The text is longer than the {TokenizationLimits.TextLength} characters that are allowed.");
        }

        var first = _encoder.Encode(text, 0, options.Offsets, workspace);
        EncodingData[] encodings = pair is null ? [first] : [first, _encoder.Encode(pair, 1, options.Offsets, workspace)];
        if (options.Truncation is { } truncation)
        {
            var added = options.AddSpecialTokens ? _pipeline.PostProcessor?.CountAdded(pair is not null) ?? 0 : 0;
            if (truncation.MaxLength < added || truncation.Stride < 0)
            {
                throw new TokenizationException($"Truncation to {truncation.MaxLength} tokens with a stride of {truncation.Stride} leaves no room beside the {added} special tokens.");
            }

            Truncation.Apply(encodings, truncation, truncation.MaxLength - added);
        }

        return Merging.Merge(_pipeline.PostProcessor?.Process(encodings, options.AddSpecialTokens) ?? encodings);
    }
}
