using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>The tokens of one row as a graph reads them. All lists are equally long, but for boxes, which have four numbers a token.</summary>
internal readonly ref struct TokenRow
{
    public required ReadOnlySpan<int> Ids { get; init; }

    public required ReadOnlySpan<int> Mask { get; init; }

    public required ReadOnlySpan<int> Segments { get; init; }

    /// <summary>Where each token lies on its page; empty where that does not matter.</summary>
    public ReadOnlySpan<long> Boxes { get; init; }

    public static TokenRow Of(TokenEncoding encoding) => new() { Ids = encoding.Ids, Mask = encoding.AttentionMask, Segments = encoding.TypeIds };
}
