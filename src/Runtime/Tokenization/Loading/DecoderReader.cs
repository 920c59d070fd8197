using Serving.Runtime.Tokenization.Decoders;
using Serving.Runtime.Tokenization.PreTokenizers;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Makes the decoder that a file names.</summary>
internal static class DecoderReader
{
    public static IDecoder Read(JsonPart part)
    {
        var type = part.Get("type");
        return type.Text() switch
        {
            "Sequence" => new SequenceDecoder([.. part.Get("decoders").Items().Select(Read)]),
            "ByteLevel" => new ByteLevelDecoder(),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "WordPiece" => new WordPieceDecoder(part.Get("prefix").Text(), part.Get("cleanup").Flag()),
            "Metaspace" => new MetaspaceDecoder(
                part.Get("replacement").Character().ToString(),
                PreTokenizerReader.ReadScheme(part) != PrependScheme.Never),
            "BPEDecoder" => new BpeDecoder(part.Get("suffix").Text()),
            "CTC" => new CtcDecoder(part.Get("pad_token").Text(), part.Get("word_delimiter_token").Text(), part.Get("cleanup").Flag()),
            "Strip" => new StripDecoder(part.Get("content").Character(), part.Get("start").Number(), part.Get("stop").Number()),
            "Replace" => new ReplaceDecoder(PatternPart.Read(part.Get("pattern")), part.Get("content").Text()),
            var other => throw type.Error($"there is no decoder '{other}'; there are BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, Sequence, Strip, WordPiece"),
        };
    }
}
