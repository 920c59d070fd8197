using System.Numerics.Tensors;
using System.Text;

namespace Serving.Runtime.Tasks.Ocr;

/// <summary>
/// Reads the answer of a recogniser trained with CTC: at each step the likeliest character, those repeated once, blanks left out.
/// Class 0 is the blank, then come the dictionary's lines, and last a space.
/// </summary>
internal sealed class CtcText(IReadOnlyList<string> dictionary)
{
    /// <summary>How many classes a recogniser with this dictionary has.</summary>
    public int Classes => dictionary.Count + 2;

    /// <summary>The dictionary of a file: a character a line.</summary>
    public static CtcText Read(string path) => new(File.ReadAllText(path, Encoding.UTF8).Split('\n') is var lines && lines[^1].Length == 0 ? TrimReturns(lines[..^1]) : TrimReturns(lines));

    /// <summary>The text, and how sure its characters are on average.</summary>
    /// <param name="steps">A row of classes for each step.</param>
    public (string Text, float Score) Decode(ReadOnlySpan<float> steps, int classes)
    {
        var text = new StringBuilder();
        var (sum, count, before) = (0f, 0, 0);
        for (var at = 0; at + classes <= steps.Length; at += classes)
        {
            var step = steps.Slice(at, classes);
            var best = TensorPrimitives.IndexOfMax(step);
            if (best > 0 && best != before)
            {
                text.Append(best <= dictionary.Count ? dictionary[best - 1] : " ");
                sum += step[best];
                count++;
            }

            before = best;
        }

        return (text.ToString(), count == 0 ? 0 : sum / count);
    }

    private static string[] TrimReturns(string[] lines) => Array.ConvertAll(lines, line => line.TrimEnd('\r'));
}
