using System.Text.Json;

namespace Serving.Server.Rest.Json;

/// <summary>
/// Reads nested arrays from their bytes, without a token for each element. It takes only what is JSON and agrees with the shape,
/// and says no word about anything else: that is then read once more by <see cref="Utf8JsonReader"/>, which knows what is wrong
/// and where. So there is one place for each error, and what is read fast is at most what would have been read slowly.
/// </summary>
internal static class ArrayReader
{
    /// <summary>
    /// Reads the array that <paramref name="reader"/> stands on the start of, and puts the reader on its end. False, and nothing
    /// changed but what <paramref name="run"/> took, where it must be read in another way.
    /// </summary>
    /// <param name="reader">Stands on the first token of the data.</param>
    /// <param name="json">What the reader reads, from any position before that token to the end.</param>
    /// <param name="target">What is expected.</param>
    /// <param name="run">Takes the elements.</param>
    public static bool TryRead<TRun>(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, in DataTarget target, ref TRun run)
        where TRun : struct, IElementRun, allows ref struct
    {
        if (reader.TokenType != JsonTokenType.StartArray || !json.Overlaps(reader.ValueSpan, out var start))
        {
            return false;
        }

        var mostDepth = reader.CurrentState.Options.MaxDepth - reader.CurrentDepth;
        if (!TryRead(json[start..], target, mostDepth, ref run, out var length))
        {
            return false;
        }

        JsonText.SkipTo(ref reader, json[(start + length - 1)..]);
        return true;
    }

    private static bool TryRead<TRun>(ReadOnlySpan<byte> json, in DataTarget target, int mostDepth, ref TRun run, out int length)
        where TRun : struct, IElementRun, allows ref struct
    {
        var nesting = new DataNesting(target.Shape, stackalloc long[DataNesting.MaxRank]);
        var filled = 0L;
        for (length = 0; length < json.Length;)
        {
            // 1. Arrays begin, or elements stand here.
            if (json[length] == '[')
            {
                if (nesting.Depth == mostDepth || nesting.Open() is not null)
                {
                    return false;
                }

                length = JsonSpace.Skip(json, length + 1);
                if (length == json.Length || json[length] != ']')
                {
                    continue;
                }
            }
            else if (run.TryRead(json, ref length, out var count) && nesting.Elements(count) is null)
            {
                filled += count;
            }
            else
            {
                return false;
            }

            // 2. Arrays end, until a comma follows or the outermost is closed.
            while (length < json.Length && json[length] == ']')
            {
                length++;
                if (nesting.Close() is not null)
                {
                    return false;
                }

                if (nesting.IsClosed)
                {
                    return filled == target.Count;
                }

                length = JsonSpace.Skip(json, length);
            }

            if (length == json.Length || json[length] != ',')
            {
                return false;
            }

            length = JsonSpace.Skip(json, length + 1);
        }

        return false;
    }
}
