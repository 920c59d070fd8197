using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Tasks.Text;

/// <summary>
/// Finds the likeliest spans of a context, as Hugging Face's question answering does: the probabilities of a beginning and of an end
/// within a window, multiplied, over spans of at most so many tokens.
/// </summary>
internal static class SpanSearch
{
    /// <summary>A score as good as impossible, for what is no part of the context.</summary>
    private const float Impossible = -10_000;

    /// <summary>The best spans of a window, and how likely it is that it has no answer.</summary>
    /// <param name="window">The question and a part of the context.</param>
    /// <param name="starts">By token, the graph's number for a beginning.</param>
    /// <param name="ends">By token, the graph's number for an end.</param>
    /// <param name="mayBeNone">Whether the first token stands for there being no answer.</param>
    /// <param name="longest">The most tokens of a span.</param>
    /// <param name="most">How many spans.</param>
    public static (IReadOnlyList<Span> Spans, float None) Find(
        TokenEncoding window, ReadOnlySpan<float> starts, ReadOnlySpan<float> ends, bool mayBeNone, int longest, int most)
    {
        var beginnings = Probabilities(window, starts, mayBeNone);
        var endings = Probabilities(window, ends, mayBeNone);
        var none = mayBeNone ? beginnings[0] * endings[0] : 0;
        (beginnings[0], endings[0]) = (0, 0);
        var best = new PriorityQueue<(int Start, int End), float>();
        for (var start = 0; start < window.Length; start++)
        {
            for (var end = start; end < Math.Min(start + longest, window.Length) && beginnings[start] > 0; end++)
            {
                var score = beginnings[start] * endings[end];
                if (window.SequenceIds[start] != 1 || window.SequenceIds[end] != 1 || score <= 0)
                {
                    continue;
                }

                if (best.Count < most)
                {
                    best.Enqueue((start, end), score);
                }
                else if (best.TryPeek(out _, out var least) && score > least)
                {
                    best.DequeueEnqueue((start, end), score);
                }
            }
        }

        return ([.. best.UnorderedItems.Select(item => ToSpan(window, item.Element, item.Priority))], none);
    }

    /// <summary>A span grows to whole words, as a person would read it.</summary>
    private static Span ToSpan(TokenEncoding window, (int Start, int End) tokens, float score)
    {
        var (start, end) = tokens;
        while (start > 0 && window.WordIds[start] >= 0 && window.WordIds[start - 1] == window.WordIds[start] && window.SequenceIds[start - 1] == 1)
        {
            start--;
        }

        while (end + 1 < window.Length && window.WordIds[end] >= 0 && window.WordIds[end + 1] == window.WordIds[end] && window.SequenceIds[end + 1] == 1)
        {
            end++;
        }

        return new Span(window.Offsets[start].Start, window.Offsets[end].End, score);
    }

    private static float[] Probabilities(TokenEncoding window, ReadOnlySpan<float> values, bool mayBeNone)
    {
        var probabilities = values[..window.Length].ToArray();
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (window.SequenceIds[i] != 1 && !(mayBeNone && i == 0))
            {
                probabilities[i] = Impossible;
            }
        }

        Numbers.Softmax(probabilities);
        return probabilities;
    }

    /// <summary>A part of the context.</summary>
    /// <param name="Start">Where it begins, in code points.</param>
    /// <param name="End">Where it ends.</param>
    /// <param name="Score">How likely it is.</param>
    internal readonly record struct Span(int Start, int End, float Score);
}
