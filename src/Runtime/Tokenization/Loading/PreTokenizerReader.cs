using Serving.Runtime.Tokenization.PreTokenizers;
using Serving.Runtime.Tokenization.Text;
using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Makes the pre-tokenizer that a file names.</summary>
internal static class PreTokenizerReader
{
    /// <summary>Whether the last step turns the text into GPT-2's alphabet of bytes, which a model can then do for words it has not seen.</summary>
    public static bool EndsWithBytes(JsonPart? part)
    {
        var steps = part is null ? [] : Flatten(part.Value).Select(step => step.Get("type").Text()).ToList();
        return steps.Count > 0 && steps[^1] == "ByteLevel" && steps.Count(s => s == "ByteLevel") == 1;
    }

    /// <summary>Makes a pre-tokenizer; where <paramref name="modelReadsBytes"/>, ByteLevel leaves the alphabet to the model.</summary>
    public static IPreTokenizer Read(JsonPart part, bool modelReadsBytes)
    {
        var type = part.Get("type");
        switch (type.Text())
        {
            case "Sequence":
                return new SequencePreTokenizer([.. part.Get("pretokenizers").Items().Select(step => Read(step, modelReadsBytes))]);
            case "BertPreTokenizer":
                return new BertPreTokenizer();
            case "ByteLevel":
                return new ByteLevelPreTokenizer(
                    part.Get("add_prefix_space").Flag(),
                    part.Find("use_regex")?.Flag() ?? true,
                    modelReadsBytes);
            case "Metaspace":
                return new MetaspacePreTokenizer(part.Get("replacement").Character().Value, ReadScheme(part), part.Find("split")?.Flag() ?? true);
            case "Whitespace":
                return new WordPreTokenizer();
            case "WhitespaceSplit":
                return new SetPreTokenizer(UnicodeTables.Set("library:whitespace"), SplitBehavior.Removed);
            case "Split":
                return new SplitPreTokenizer(
                    PatternPart.Read(part.Get("pattern")),
                    PatternPart.ReadBehavior(part.Get("behavior")),
                    part.Find("invert")?.Flag() ?? false);
            case "Punctuation":
                return new SetPreTokenizer(
                    UnicodeTables.Set("library:punctuation"),
                    part.Find("behavior") is { } behavior ? PatternPart.ReadBehavior(behavior) : SplitBehavior.Isolated);
            case "Digits":
                return new SetPreTokenizer(
                    UnicodeTables.Set("library:numeric"),
                    part.Get("individual_digits").Flag() ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
            case "CharDelimiterSplit":
                var delimiter = part.Get("delimiter").Character().Value;
                return new SetPreTokenizer(new CodePointSet([(delimiter, delimiter + 1)]), SplitBehavior.Removed);
            case "UnicodeScripts":
                return new ScriptPreTokenizer();
            case "FixedLength":
                return new FixedLengthPreTokenizer(ReadLength(part.Find("length")));
            default:
                throw type.Error($"there is no pre-tokenizer '{type.Text()}'; there are BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, Metaspace, Punctuation, Sequence, Split, UnicodeScripts, Whitespace, WhitespaceSplit");
        }
    }

    /// <summary>Where Metaspace sets a space: as stated or, in older files, everywhere or nowhere.</summary>
    public static PrependScheme ReadScheme(JsonPart part)
    {
        var adds = part.Find("add_prefix_space")?.Flag() ?? true;
        if (part.Find("prepend_scheme") is not { } stated)
        {
            return adds ? PrependScheme.Always : PrependScheme.Never;
        }

        var scheme = stated.OneOf(("always", PrependScheme.Always), ("first", PrependScheme.First), ("never", PrependScheme.Never));
        return adds || scheme == PrependScheme.Never
            ? scheme
            : throw stated.Error("is not 'never' although 'add_prefix_space' is false");
    }

    private static int ReadLength(JsonPart? part)
    {
        // As the library, whose default this is.
        var length = part?.Number() ?? 5;
        return length > 0 ? length : throw part!.Value.Error("is 0, expected is at least 1");
    }

    private static IEnumerable<JsonPart> Flatten(JsonPart part) => part.Get("type").Text() == "Sequence"
        ? part.Get("pretokenizers").Items().SelectMany(Flatten)
        : [part];
}
