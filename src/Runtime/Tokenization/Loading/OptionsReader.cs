namespace Serving.Runtime.Tokenization.Loading;

/// <summary>Reads the truncation and the padding that a file asks for.</summary>
internal static class OptionsReader
{
    public static EncodeOptions Read(JsonPart root) => new()
    {
        Truncation = root.Find("truncation") is { } truncation ? ReadTruncation(truncation) : null,
        Padding = root.Find("padding") is { } padding ? ReadPadding(padding) : null,
    };

    private static TruncationOptions ReadTruncation(JsonPart part) => new()
    {
        MaxLength = part.Get("max_length").Number(),
        Stride = part.Find("stride")?.Number() ?? 0,
        Side = part.Find("direction") is { } side ? ReadSide(side) : TextSide.Right,
        Strategy = part.Find("strategy")?.OneOf(
            ("LongestFirst", TruncationStrategy.LongestFirst),
            ("OnlyFirst", TruncationStrategy.OnlyFirst),
            ("OnlySecond", TruncationStrategy.OnlySecond)) ?? TruncationStrategy.LongestFirst,
    };

    private static PaddingOptions ReadPadding(JsonPart part) => new()
    {
        Length = ReadLength(part.Get("strategy")),
        MultipleOf = part.Find("pad_to_multiple_of")?.Number() ?? 0,
        Side = part.Find("direction") is { } side ? ReadSide(side) : TextSide.Right,
        Id = part.Find("pad_id")?.Number() ?? 0,
        TypeId = part.Find("pad_type_id")?.Number() ?? 0,
        Token = part.Find("pad_token")?.Text() ?? "[PAD]",
    };

    private static int? ReadLength(JsonPart strategy) => strategy.Value.ValueKind == System.Text.Json.JsonValueKind.Object
        ? strategy.Get("Fixed").Number()
        : strategy.OneOf<int?>(("BatchLongest", null));

    private static TextSide ReadSide(JsonPart part) => part.OneOf(("Right", TextSide.Right), ("Left", TextSide.Left));
}
