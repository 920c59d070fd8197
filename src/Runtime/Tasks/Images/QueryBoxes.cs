using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Finding;

namespace Serving.Runtime.Tasks.Images;

/// <summary>
/// DETR and its kin: for each of a number of queries <c>logits</c> of the classes, and in <c>pred_boxes</c> the middle and size of a
/// box as parts of the picture. DETR, YOLOS and Table Transformer choose among the classes and, last, none of them; the later ones
/// score each class by itself.
/// </summary>
internal sealed class QueryBoxes : BoxReader
{
    public const string Logits = "logits";
    public const string Boxes = "pred_boxes";

    private static readonly HashSet<string> WithNone = ["detr", "yolos", "table-transformer"];

    private readonly bool _hasNone;

    public QueryBoxes(TaskMaterial material)
    {
        // Without a name: DETR's own form has one class more than there are labels.
        var labels = material.Config.Labels?.Count;
        var classes = material.Output(Logits)!.Shape[2];
        _hasNone = material.Config.ModelType.Length > 0 ? WithNone.Contains(material.Config.ModelType) : labels is null || classes != labels;
    }

    public override IReadOnlyList<string> Outputs { get; } = [Logits, Boxes];

    public override double UsualThreshold => 0.5;

    public static bool Fits(TaskMaterial material) =>
        material.Output(Logits) is { HasRank: true, Shape.Rank: 3 } && material.Output(Boxes) is { HasRank: true, Shape.Rank: 3 };

    public override IReadOnlyList<Detection> Read(PictureFrame frame, InferenceResponse response, double threshold, double overlap, int most)
    {
        var boxes = Numbers.Floats(response.Outputs[1]);
        var queries = boxes.Length / 4;
        var scores = Numbers.Floats(response.Outputs[0]).ToArray();
        var classes = scores.Length / queries;
        var found = new List<Detection>();
        for (var query = 0; query < queries; query++)
        {
            var row = scores.AsSpan(query * classes, classes);
            var box = boxes.Slice(query * 4, 4);
            if (_hasNone)
            {
                Numbers.Softmax(row);
                AddBest(row[..^1], box, frame.Original, threshold, found);
            }
            else
            {
                Numbers.Sigmoid(row);
                AddAll(row, box, frame.Original, threshold, found);
            }
        }

        return [.. found.OrderByDescending(one => one.Score).Take(most)];
    }

    private static void AddBest(ReadOnlySpan<float> scores, ReadOnlySpan<float> box, ImageSize picture, double threshold, List<Detection> found)
    {
        if (Numbers.Largest(scores, 1) is [var best] && scores[best] > threshold)
        {
            found.Add(new Detection(best, scores[best], Corners(box, picture)));
        }
    }

    private static void AddAll(ReadOnlySpan<float> scores, ReadOnlySpan<float> box, ImageSize picture, double threshold, List<Detection> found)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > threshold)
            {
                found.Add(new Detection(i, scores[i], Corners(box, picture)));
            }
        }
    }

    private static float[] Corners(ReadOnlySpan<float> box, ImageSize picture) => Within(
        picture,
        (box[0] - (box[2] / 2)) * picture.Width,
        (box[1] - (box[3] / 2)) * picture.Height,
        (box[0] + (box[2] / 2)) * picture.Width,
        (box[1] + (box[3] / 2)) * picture.Height);
}
