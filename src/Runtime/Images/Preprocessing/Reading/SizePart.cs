using Serving.Runtime.Tokenization.Loading;

namespace Serving.Runtime.Images.Preprocessing.Reading;

/// <summary>A size as files write it: a number, [height, width], or an object with one of four pairs of keys.</summary>
/// <param name="Height">With <paramref name="Width"/>: exactly this size.</param>
/// <param name="Shortest">The shorter side.</param>
/// <param name="Longest">The longer side, or the most that it may have.</param>
/// <param name="Bounds">The size to fit into.</param>
internal sealed record SizePart(int? Height, int? Width, int? Shortest, int? Longest, ImageSize? Bounds)
{
    // Beyond what any model takes; keeps arithmetic within 32 bits.
    private const int LargestSide = 16_384;

    public static SizePart Exact(int height, int width) => new(height, width, null, null, null);

    public static SizePart Edge(int shortest, int? longest) => new(null, null, shortest, longest, null);

    /// <summary>Reads a size.</summary>
    /// <param name="isShortest">Whether one number is the shorter side, not a square.</param>
    /// <param name="isWidthFirst">Whether a list begins with the width.</param>
    public static SizePart Read(JsonPart part, bool isShortest, int? longest = null, bool isWidthFirst = false)
    {
        switch (part.Value.ValueKind)
        {
            case System.Text.Json.JsonValueKind.Number:
                return isShortest ? Edge(Side(part), longest) : Exact(Side(part), Side(part));
            case System.Text.Json.JsonValueKind.Array:
                var sides = part.Items().Select(Side).ToList();
                return sides.Count switch
                {
                    1 => isShortest ? Edge(sides[0], longest) : Exact(sides[0], sides[0]),
                    2 => isWidthFirst ? Exact(sides[1], sides[0]) : Exact(sides[0], sides[1]),
                    _ => throw part.Error("must have a height and a width"),
                };
            default:
                return FromKeys(part);
        }
    }

    private static SizePart FromKeys(JsonPart part)
    {
        int? Find(string key) => part.Find(key) is { } side ? Side(side) : null;
        if (Find("height") is { } height && Find("width") is { } width)
        {
            return Exact(height, width);
        }

        var (shortest, longest) = (Find("shortest_edge"), Find("longest_edge"));
        if (shortest is not null || longest is not null)
        {
            return new SizePart(null, null, shortest, longest, null);
        }

        return Find("max_height") is { } maxHeight && Find("max_width") is { } maxWidth
            ? new SizePart(null, null, null, null, new ImageSize(maxHeight, maxWidth))
            : throw part.Error("must have height and width, shortest_edge, longest_edge, or max_height and max_width");
    }

    private static int Side(JsonPart part) => part.Number() is var side and > 0 and <= LargestSide
        ? side
        : throw part.Error($"must be a number of pixels from 1 to {LargestSide}");
}
