using System.Buffers;
using System.Text.Json;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>
/// Finds the shape that the nesting of a tensor's data has: one pass over its brackets, in which elements are counted and not
/// read. Of the arrays on one level the first says how long they are; the reader of the data finds those that differ.
/// </summary>
internal static class NestedShape
{
    /// <summary>The deepest data that is measured; the reader of JSON refuses what is deeper.</summary>
    public const int MaxRank = JsonText.MaxDepth;

    private static readonly SearchValues<byte> Structure = SearchValues.Create("[]{}\""u8);

    /// <summary>Measures the value that the reader stands on.</summary>
    /// <param name="reader">Stays where it is.</param>
    /// <param name="json">What the reader reads.</param>
    /// <param name="dims">Room for <see cref="MaxRank"/> extents, all zero; filled from the outermost.</param>
    /// <returns>How many axes there are; 0 for a scalar, also one that is an object.</returns>
    public static int Measure(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, scoped Span<long> dims) =>
        reader.TokenType == JsonTokenType.StartArray ? Measure(JsonText.From(ref reader, json), dims) : 0;

    /// <summary>Measures the value that <paramref name="json"/> begins with.</summary>
    /// <param name="json">The JSON from the value's first byte on.</param>
    /// <param name="dims">Room for <see cref="MaxRank"/> extents, all zero; filled from the outermost.</param>
    /// <returns>How many axes there are; 0 for a scalar, also one that is an object.</returns>
    public static int Measure(ReadOnlySpan<byte> json, scoped Span<long> dims)
    {
        if (json.IsEmpty || json[0] != (byte)'[')
        {
            return 0;
        }

        // Per level: whether its first array is over, and whether it has had any content.
        Span<bool> closed = stackalloc bool[MaxRank];
        Span<bool> filled = stackalloc bool[MaxRank];
        var (depth, rank) = (0, 0);
        while (json.IndexOfAny(Structure) is var at and >= 0)
        {
            var level = depth - 1;
            if (level >= 0 && !closed[level])
            {
                var between = json[..at];
                dims[level] += between.Count((byte)',');
                filled[level] |= json[at] != (byte)']' || JsonSpan.HasContent(between);
            }

            var length = 1;
            switch (json[at])
            {
                case (byte)'[' when depth < MaxRank:
                    rank = Math.Max(rank, ++depth);
                    break;
                case (byte)']' when depth > 0:
                    dims[level] += !closed[level] && filled[level] ? 1 : 0;
                    closed[level] = true;
                    depth--;
                    break;
                case (byte)'"':
                    length = JsonSpan.StringLength(json[at..]);
                    break;
                case (byte)'{':
                    length = ObjectLength(json[at..]);
                    break;
                default:
                    return rank;
            }

            if (depth == 0)
            {
                break;
            }

            json = json[(at + length)..];
        }

        return rank;
    }

    /// <summary>The bytes of the object that <paramref name="json"/> begins with.</summary>
    private static int ObjectLength(ReadOnlySpan<byte> json)
    {
        var (position, depth) = (0, 0);
        while (json[position..].IndexOfAny("{}\""u8) is var next and >= 0)
        {
            position += next;
            var isString = json[position] == (byte)'"';
            depth += isString ? 0 : json[position] == (byte)'{' ? 1 : -1;
            position += isString ? JsonSpan.StringLength(json[position..]) : 1;
            if (depth == 0)
            {
                return position;
            }
        }

        return json.Length;
    }
}
