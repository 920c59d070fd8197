using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks;

/// <summary>Answers of classifiers: each row's classes, the best first, all rows with the same number.</summary>
internal static class TopClasses
{
    public const string Label = "label";
    public const string Score = "score";

    public static IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(Label, ElementType.Bytes, ("classes", -1)),
        TensorSignatures.PerRow(Score, ElementType.Float32, ("classes", -1)),
    ];

    /// <summary>The answer to a request.</summary>
    /// <param name="rows">Each row's score for each class.</param>
    /// <param name="labels">The classes' names; those without one are called by their number.</param>
    /// <param name="most">How many classes are told of each row.</param>
    /// <param name="threshold">Classes that score less are left empty, with a score of 0; rows are as long as the one with the most others.</param>
    public static TaskAnswer Answer(IReadOnlyList<float[]> rows, IReadOnlyList<string> labels, int most, double threshold)
    {
        var best = rows.Select(row => Numbers.Largest(row, most).Where(place => row[place] >= threshold).ToArray()).ToList();
        var width = best.Max(places => places.Length);
        var names = new string[rows.Count * width];
        var scores = new float[names.Length];
        Array.Fill(names, "");
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < best[row].Length; i++)
            {
                var place = best[row][i];
                names[(row * width) + i] = NameOf(place, labels);
                scores[(row * width) + i] = rows[row][place];
            }
        }

        var shape = new TensorShape(rows.Count, width);
        return new TaskAnswer().Add(Label, shape, names).Add(Score, shape, scores);
    }

    public static string NameOf(int place, IReadOnlyList<string> labels) => place < labels.Count ? labels[place] : $"LABEL_{place}";
}
