using Serving.Runtime.Images.Encoding;
using Serving.Runtime.Images.Preprocessing;

namespace Serving.Runtime.Tasks.Images;

/// <summary>Takes a map of classes apart into a mask for each class that is in it.</summary>
internal static class SegmentMasks
{
    /// <summary>The masks, by the numbers of their classes.</summary>
    /// <param name="map">The class of each pixel.</param>
    /// <param name="asRuns">Whether masks are run lengths, not files.</param>
    public static IReadOnlyList<SegmentMask> Of(ushort[] map, ImageSize size, bool asRuns)
    {
        var counts = new SortedDictionary<ushort, int>();
        foreach (var number in map)
        {
            counts[number] = counts.GetValueOrDefault(number) + 1;
        }

        return [.. counts.Select(one => new SegmentMask(one.Key, (float)one.Value / map.Length, asRuns ? Runs(map, size, one.Key) : Png(map, size, one.Key)))];
    }

    private static byte[] Png(ushort[] map, ImageSize size, ushort number)
    {
        var pixels = new byte[map.Length];
        for (var i = 0; i < map.Length; i++)
        {
            pixels[i] = map[i] == number ? byte.MaxValue : byte.MinValue;
        }

        return PngWriter.Write(pixels, size.Width, size.Height, channels: 1);
    }

    private static byte[] Runs(ushort[] map, ImageSize size, ushort number) =>
        System.Text.Encoding.ASCII.GetBytes(RunLengths.ToJson(RunLengths.Count<ushort>(map, size.Width, size.Height, number), size.Width, size.Height));
}
