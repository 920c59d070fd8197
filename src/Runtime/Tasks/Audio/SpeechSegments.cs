namespace Serving.Runtime.Tasks.Audio;

/// <summary>
/// Makes segments of probabilities as Silero VAD's own tools do: speech begins where it is probable, and has ended where it was
/// clearly improbable for long enough; short segments are none; the others get a little room on both sides.
/// </summary>
/// <param name="threshold">What is probable.</param>
/// <param name="minSpeech">The fewest samples of a segment.</param>
/// <param name="minSilence">The fewest samples between two.</param>
/// <param name="pad">The room, in samples, less where two would meet.</param>
internal sealed class SpeechSegments(double threshold, int minSpeech, int minSilence, int pad)
{
    /// <summary>How far below the threshold speech is clearly improbable.</summary>
    private const double Margin = 0.15;

    /// <param name="probabilities">Of each window.</param>
    /// <param name="window">Samples of a window.</param>
    /// <param name="count">Samples of the recording.</param>
    public IReadOnlyList<SpeechSegment> Find(ReadOnlySpan<float> probabilities, int window, int count)
    {
        var found = new List<SpeechSegment>();
        int? start = null;
        int? silence = null;
        var low = Math.Max(threshold - Margin, 0.01);
        for (var i = 0; i < probabilities.Length; i++)
        {
            var at = i * window;
            if (probabilities[i] >= threshold)
            {
                silence = null;
                start ??= at;
            }
            else if (start is { } began && probabilities[i] < low)
            {
                silence ??= at;
                if (at - silence >= minSilence)
                {
                    Add(found, began, silence.Value);
                    (start, silence) = (null, null);
                }
            }
        }

        if (start is { } last)
        {
            Add(found, last, count);
        }

        return Pad(found, count);
    }

    private void Add(List<SpeechSegment> found, int start, int end)
    {
        if (end - start > minSpeech)
        {
            found.Add(new SpeechSegment(start, end));
        }
    }

    private List<SpeechSegment> Pad(List<SpeechSegment> found, int count)
    {
        var padded = new List<SpeechSegment>(found.Count);
        for (var i = 0; i < found.Count; i++)
        {
            var before = i == 0 ? pad : Math.Min(pad, (found[i].Start - found[i - 1].End) / 2);
            var after = i == found.Count - 1 ? pad : Math.Min(pad, (found[i + 1].Start - found[i].End) / 2);
            padded.Add(new SpeechSegment(Math.Max(0, found[i].Start - before), Math.Min(count, found[i].End + after)));
        }

        return padded;
    }
}
