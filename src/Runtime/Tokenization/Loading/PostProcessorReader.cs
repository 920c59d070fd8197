using Serving.Runtime.Tokenization.PostProcessors;

namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Makes the post-processor that a file names.</summary>
internal static class PostProcessorReader
{
    public static IPostProcessor Read(JsonPart part, Func<int, string> tokenOf)
    {
        var type = part.Get("type");
        return type.Text() switch
        {
            "Sequence" => new SequencePostProcessor([.. part.Get("processors").Items().Select(step => Read(step, tokenOf))]),
            "ByteLevel" => new TrimmingPostProcessor(ReadTrim(part, tokenOf)),
            "BertProcessing" => new FramePostProcessor(ReadToken(part.Get("cls")), ReadToken(part.Get("sep")), isRoberta: false, null),
            "RobertaProcessing" => new FramePostProcessor(ReadToken(part.Get("cls")), ReadToken(part.Get("sep")), isRoberta: true, ReadTrim(part, tokenOf)),
            "TemplateProcessing" => ReadTemplate(part),
            var other => throw type.Error($"there is no post-processor '{other}'; there are BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing"),
        };
    }

    private static OffsetTrim? ReadTrim(JsonPart part, Func<int, string> tokenOf)
    {
        var addsPrefixSpace = part.Get("add_prefix_space").Flag();
        return part.Get("trim_offsets").Flag() ? new OffsetTrim(addsPrefixSpace, tokenOf) : null;
    }

    private static SpecialToken ReadToken(JsonPart part) => part.Items().ToList() is [var text, var id]
        ? new SpecialToken([id.Number()], [text.Text()])
        : throw part.Error("expected is a token and its id");

    private static TemplatePostProcessor ReadTemplate(JsonPart part)
    {
        var special = new Dictionary<string, SpecialToken>();
        foreach (var (name, token) in part.Get("special_tokens").Members())
        {
            var ids = token.Get("ids").Items().Select(id => id.Number()).ToList();
            var texts = token.Get("tokens").Items().Select(text => text.Text()).ToList();
            special[name] = ids.Count == texts.Count ? new SpecialToken(ids, texts) : throw token.Error($"has {ids.Count} ids but {texts.Count} tokens");
        }

        return new TemplatePostProcessor(
            [.. part.Get("single").Items().Select(piece => ReadPiece(piece, special, isPair: false))],
            [.. part.Get("pair").Items().Select(piece => ReadPiece(piece, special, isPair: true))]);
    }

    private static TemplatePiece ReadPiece(JsonPart part, Dictionary<string, SpecialToken> special, bool isPair)
    {
        if (part.Find("SpecialToken") is { } token)
        {
            var name = token.Get("id").Text();
            return special.TryGetValue(name, out var known)
                ? new TemplatePiece(known, 0, token.Get("type_id").Number())
                : throw token.Error($"'{name}' is not among the special_tokens");
        }

        var sequence = part.Get("Sequence");
        var index = sequence.Get("id").OneOf(("A", 0), ("B", 1));
        return index == 0 || isPair
            ? new TemplatePiece(null, index, sequence.Get("type_id").Number())
            : throw sequence.Error("names the second text in the template for a single one");
    }
}
