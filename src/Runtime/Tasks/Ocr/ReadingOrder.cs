namespace Serving.Runtime.Tasks.Ocr;

/// <summary>Orders lines as they are read: from above, and beside one another from the left; on a page that is turned, by its own direction.</summary>
internal static class ReadingOrder
{
    public static TextLine[] Sort(TextLine[] lines)
    {
        if (lines.Length < 2)
        {
            return lines;
        }

        // The direction of the page is that of its lines, the longer ones first in importance.
        var (alongX, alongY) = (0.0, 0.0);
        foreach (var place in lines.Select(line => line.Place))
        {
            alongX += place.TopRight.X - place.TopLeft.X;
            alongY += place.TopRight.Y - place.TopLeft.Y;
        }

        var length = Math.Max(Math.Sqrt((alongX * alongX) + (alongY * alongY)), double.Epsilon);
        var (cos, sin) = (alongX / length, alongY / length);
        var upright = lines.Select(line => (
            Line: line,
            X: (line.Place.Centre.X * cos) + (line.Place.Centre.Y * sin) - (line.Place.Width / 2),
            Y: (line.Place.Centre.Y * cos) - (line.Place.Centre.X * sin))).OrderBy(one => one.Y).ToList();
        var sorted = new List<TextLine>();
        for (var first = 0; first < upright.Count;)
        {
            // Beside one another are those whose middles lie within half a line's height.
            var next = first + 1;
            while (next < upright.Count && upright[next].Y - upright[first].Y < Math.Min(upright[first].Line.Place.Height, upright[next].Line.Place.Height) / 2)
            {
                next++;
            }

            sorted.AddRange(upright[first..next].OrderBy(one => one.X).Select(one => one.Line));
            first = next;
        }

        return [.. sorted];
    }
}
