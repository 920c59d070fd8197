using Serving.Runtime.Tokenization.Normalizers;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Makes the normalizer that a file names.</summary>
internal static class NormalizerReader
{
    public static INormalizer Read(JsonPart part)
    {
        var type = part.Get("type");
        switch (type.Text())
        {
            case "Sequence":
                return new SequenceNormalizer([.. part.Get("normalizers").Items().Select(Read)]);
            case "BertNormalizer":
                var lowercase = part.Get("lowercase").Flag();
                return new BertNormalizer(
                    part.Get("clean_text").Flag(),
                    part.Get("handle_chinese_chars").Flag(),
                    part.Find("strip_accents")?.Flag() ?? lowercase,
                    lowercase);
            case "NFC":
                return new UnicodeNormalizer(compatible: false, compose: true);
            case "NFD":
                return new UnicodeNormalizer(compatible: false, compose: false);
            case "NFKC":
                return new UnicodeNormalizer(compatible: true, compose: true);
            case "NFKD":
                return new UnicodeNormalizer(compatible: true, compose: false);
            case "Lowercase":
                return new LowercaseNormalizer();
            case "StripAccents":
                return new RemovingNormalizer(UnicodeTables.Set("library:accent"), null);
            case "Nmt":
                return new RemovingNormalizer(UnicodeTables.Set("nmt:removed"), UnicodeTables.Set("nmt:space"));
            case "Strip":
                return new StripNormalizer(part.Get("strip_left").Flag(), part.Get("strip_right").Flag());
            case "Replace":
                return new ReplaceNormalizer(PatternPart.Read(part.Get("pattern")), part.Get("content").Text());
            case "Prepend":
                return new AffixNormalizer(part.Get("prepend").Text(), atStart: true);
            case "Append":
                return new AffixNormalizer(part.Get("append").Text(), atStart: false);
            case "ByteLevel":
                return new ByteLevelNormalizer();
            case "Precompiled":
                return ReadPrecompiled(part.Get("precompiled_charsmap"));
            default:
                throw type.Error($"there is no normalizer '{type.Text()}'; there are Append, BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip, StripAccents");
        }
    }

    private static PrecompiledNormalizer ReadPrecompiled(JsonPart part)
    {
        try
        {
            return new PrecompiledNormalizer(Convert.FromBase64String(part.Text()));
        }
        catch (FormatException error)
        {
            throw part.Error(error.Message);
        }
    }
}
