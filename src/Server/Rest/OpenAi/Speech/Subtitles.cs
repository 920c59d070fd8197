using System.Globalization;
using System.Text;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.OpenAi.Speech;

/// <summary>Makes of words what is shown at a time, and writes it as SubRip (SRT) or WebVTT files do.</summary>
internal static class Subtitles
{
    /// <summary>The longest text: two lines of 42 characters, which broadcasters hold to be what can be read.</summary>
    private const int MostCharacters = 84;

    /// <summary>The longest time in seconds, likewise.</summary>
    private const float MostSeconds = 7;

    /// <summary>A pause of so many seconds ends a sentence. Arbitrary.</summary>
    private const float Pause = 1;

    /// <summary>Words put together until there is a pause, or it becomes too much.</summary>
    public static IReadOnlyList<SpokenWord> Segments(IReadOnlyList<SpokenWord> words)
    {
        var segments = new List<SpokenWord>();
        foreach (var word in words)
        {
            if (segments is [.., var last] && word.Start - last.End < Pause && word.End - last.Start <= MostSeconds && last.Text.Length + 1 + word.Text.Length <= MostCharacters)
            {
                segments[^1] = last with { Text = $"{last.Text} {word.Text}", End = word.End };
            }
            else
            {
                segments.Add(word);
            }
        }

        return segments;
    }

    public static string WriteSrt(IReadOnlyList<SpokenWord> segments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < segments.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}\n{Time(segments[i].Start, ',')} --> {Time(segments[i].End, ',')}\n{segments[i].Text}\n\n");
        }

        return text.ToString();
    }

    public static string WriteVtt(IReadOnlyList<SpokenWord> segments)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        foreach (var segment in segments)
        {
            // These three would begin what WebVTT has instead of text.
            var escaped = segment.Text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"{Time(segment.Start, '.')} --> {Time(segment.End, '.')}\n{escaped}\n\n");
        }

        return text.ToString();
    }

    private static string Time(float seconds, char point)
    {
        var milliseconds = (long)Math.Round(seconds * 1000.0);
        return string.Create(
            CultureInfo.InvariantCulture, $"{milliseconds / 3_600_000:00}:{milliseconds / 60_000 % 60:00}:{milliseconds / 1000 % 60:00}{point}{milliseconds % 1000:000}");
    }
}
