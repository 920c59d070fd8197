using System.Text.Json;
using Serving.Runtime.Configuration;
using Serving.Runtime.Tokenization.Added;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Makes a tokenizer of a tokenizer.json.</summary>
internal static class TokenizerFile
{
    /// <summary>Reads a file.</summary>
    public static Tokenizer Load(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= TokenizationLimits.FileSize
                ? Load(File.ReadAllBytes(path), path)
                : throw TooLarge(path, length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(path, [error.Message]);
        }
    }

    /// <summary>Reads a file's content; <paramref name="file"/> is its name for messages.</summary>
    public static Tokenizer Load(ReadOnlyMemory<byte> json, string file)
    {
        if (json.Length > TokenizationLimits.FileSize)
        {
            throw TooLarge(file, json.Length);
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ConfigLimits.Depth });
            return Read(new JsonPart(document.RootElement, "", file));
        }
        catch (JsonException error)
        {
            throw new ConfigException(file, [$"is no JSON: {error.Message}"]);
        }
    }

    private static ConfigException TooLarge(string file, long length) =>
        new(file, [$"has {length} bytes, allowed are {TokenizationLimits.FileSize}"]);

    private static Tokenizer Read(JsonPart root)
    {
        var model = root.Get("model");
        var readsBytes = ModelReader.IsBpe(model) && PreTokenizerReader.EndsWithBytes(root.Find("pre_tokenizer"));
        var normalizer = root.Find("normalizer") is { } n ? NormalizerReader.Read(n) : null;
        var preTokenizer = root.Find("pre_tokenizer") is { } p ? PreTokenizerReader.Read(p, readsBytes) : null;
        var loaded = ModelReader.Read(model, readsBytes);
        var added = new AddedVocabulary(
            [.. root.Find("added_tokens")?.Items().Select(ReadAdded) ?? []],
            loaded.Vocabulary,
            normalizer);
        string TokenOf(int id) => added.TokenOf(id) ?? loaded.Vocabulary.TokenOf(id) ?? "";
        var pipeline = new Pipeline(
            added,
            normalizer,
            preTokenizer,
            loaded,
            root.Find("post_processor") is { } post ? PostProcessorReader.Read(post, TokenOf) : null,
            root.Find("decoder") is { } decoder ? DecoderReader.Read(decoder) : null);
        return new Tokenizer(pipeline, OptionsReader.Read(root));
    }

    private static AddedToken ReadAdded(JsonPart part) => new()
    {
        Content = part.Get("content").Text(),
        Id = part.Get("id").Number(),
        IsSingleWord = part.Find("single_word")?.Flag() ?? false,
        StripsLeft = part.Find("lstrip")?.Flag() ?? false,
        StripsRight = part.Find("rstrip")?.Flag() ?? false,
        IsSpecial = part.Find("special")?.Flag() ?? false,
        IsNormalized = part.Find("normalized")?.Flag() ?? !(part.Find("special")?.Flag() ?? false),
    };
}
