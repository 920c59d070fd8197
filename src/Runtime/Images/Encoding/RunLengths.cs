using System.Globalization;
using System.Text;

namespace Serving.Runtime.Images.Encoding;

/// <summary>
/// Masks as COCO's uncompressed run lengths: <c>{"size":[height,width],"counts":[...]}</c>. Column after column from the left, the
/// numbers of pixels outside and inside by turns, outside first.
/// </summary>
internal static class RunLengths
{
    /// <summary>The runs of the pixels that have a value.</summary>
    /// <param name="map">Row after row from the top.</param>
    public static IReadOnlyList<int> Count<T>(ReadOnlySpan<T> map, int width, int height, T value)
        where T : IEquatable<T>
    {
        var runs = new List<int>();
        var (length, inside) = (0, false);
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++)
            {
                if (map[(y * width) + x].Equals(value) != inside)
                {
                    runs.Add(length);
                    (length, inside) = (0, !inside);
                }

                length++;
            }
        }

        runs.Add(length);
        return runs;
    }

    public static string ToJson(IReadOnlyList<int> runs, int width, int height)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"size\":[{height},{width}],\"counts\":[");
        return text.AppendJoin(',', runs).Append("]}").ToString();
    }
}
