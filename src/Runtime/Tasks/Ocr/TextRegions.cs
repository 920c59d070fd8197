namespace Serving.Runtime.Tasks.Ocr;

/// <summary>
/// Finds lines of text in a map that says of each pixel how likely it is the core of a line (DB: Liao et al., Real-time Scene Text
/// Detection with Differentiable Binarization, 2019): connected pixels, the smallest rectangle around them, grown by as much as
/// cores are smaller than lines.
/// </summary>
internal static class TextRegions
{
    // PP-OCR's own settings.
    private const float PixelThreshold = 0.3f;
    private const double Growth = 1.5;
    private const double ShortestCore = 3;
    private const double ShortestLine = 5;
    private const int MostLines = 1000;

    /// <summary>The lines, in pixels of the map.</summary>
    /// <param name="threshold">How likely its pixels must be on average that a line is one.</param>
    public static List<Quad> Find(ReadOnlySpan<float> map, int width, int height, double threshold)
    {
        var lines = new List<Quad>();
        var seen = new bool[map.Length];
        var open = new Stack<int>();
        var extents = new RowExtents(height);
        for (var start = 0; start < map.Length && lines.Count < MostLines; start++)
        {
            if (seen[start] || !(map[start] > PixelThreshold))
            {
                continue;
            }

            Flood(map, width, height, start, seen, open, extents);
            var core = TurnedRectangle.Around(extents.Take());
            if (core.Shorter < ShortestCore || Likelihood(map, width, height, core) < threshold)
            {
                continue;
            }

            var line = core.Grown(core.Area * Growth / core.Perimeter);
            if (line.Shorter >= ShortestLine)
            {
                lines.Add(line.ToQuad());
            }
        }

        return lines;
    }

    /// <summary>Marks what is connected with a pixel, also over corners.</summary>
    private static void Flood(ReadOnlySpan<float> map, int width, int height, int start, bool[] seen, Stack<int> open, RowExtents extents)
    {
        seen[start] = true;
        open.Push(start);
        while (open.TryPop(out var pixel))
        {
            var (y, x) = Math.DivRem(pixel, width);
            extents.Add(x, y);
            for (var row = Math.Max(y - 1, 0); row <= Math.Min(y + 1, height - 1); row++)
            {
                for (var column = Math.Max(x - 1, 0); column <= Math.Min(x + 1, width - 1); column++)
                {
                    var next = (row * width) + column;
                    if (!seen[next] && map[next] > PixelThreshold)
                    {
                        seen[next] = true;
                        open.Push(next);
                    }
                }
            }
        }
    }

    private static double Likelihood(ReadOnlySpan<float> map, int width, int height, TurnedRectangle core)
    {
        var reach = Math.Sqrt(Math.Pow(core.HalfLength, 2) + Math.Pow(core.HalfWidth, 2));
        var (sum, count) = (0.0, 0);
        for (var y = (int)Math.Max(core.Y - reach, 0); y <= Math.Min(core.Y + reach, height - 1); y++)
        {
            for (var x = (int)Math.Max(core.X - reach, 0); x <= Math.Min(core.X + reach, width - 1); x++)
            {
                if (core.Contains(x, y))
                {
                    sum += map[(y * width) + x];
                    count++;
                }
            }
        }

        return count == 0 ? 0 : sum / count;
    }
}
