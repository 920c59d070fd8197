using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>
/// The YOLO families, told apart by the shape of their one output. [1, 4 + classes, cells]: middle and size of a box, then the classes'
/// scores (v8 to v12). [1, cells, 5 + classes]: middle and size, the score of anything at all, the classes' (v5, v7, YOLOX).
/// [1, things, 6]: corners, score and class, with nothing left to suppress (v10, or suppression inside the graph).
/// Boxes are in pixels of the tensor.
/// </summary>
internal sealed class GridBoxes : BoxReader
{
    private readonly TensorSignature _output;
    private readonly int _classes;

    public GridBoxes(TaskMaterial material, TensorSignature output)
    {
        _output = output;
        _classes = material.Config.Labels?.Count ?? 0;
        Outputs = [output.Name];
    }

    public override IReadOnlyList<string> Outputs { get; }

    public override double UsualThreshold => 0.25;

    /// <summary>The output, where a graph has one that can be read so.</summary>
    public static TensorSignature? Find(TaskMaterial material) =>
        material.Outputs is [{ HasRank: true, Shape.Rank: 3 } only] && Numbers.AreFloats(only.Type) ? only : null;

    /// <summary>Whether the output's shape is that of so many classes.</summary>
    public static bool HasShapeOf(TensorSignature output, int classes) =>
        output.Shape[1] == 4 + classes || output.Shape[2] == 5 + classes || output.Shape[2] == 6;

    public override IReadOnlyList<Detection> Read(PictureFrame frame, InferenceResponse response, double threshold, double overlap, int most)
    {
        var values = Numbers.Floats(response.Outputs[0]);
        var shape = response.Outputs[0].Shape;
        var (rows, columns) = ((int)shape[1], (int)shape[2]);
        if (columns == 6 && _classes != 1 && _output.Shape[1] != 6)
        {
            return [.. Finished(values, rows, frame, threshold).OrderByDescending(one => one.Score).Take(most)];
        }

        // Without labels the shorter axis is that of the numbers of a cell.
        var isColumns = _classes > 0 ? rows == 4 + _classes : rows < columns;
        var found = isColumns ? Columns(values, rows, columns, frame, threshold) : Rows(values, rows, columns, frame, threshold);
        return NonMaximumSuppression.Keep(found, overlap, most);
    }

    private static List<Detection> Columns(ReadOnlySpan<float> values, int numbers, int cells, PictureFrame frame, double threshold)
    {
        var found = new List<Detection>();
        for (var cell = 0; cell < cells; cell++)
        {
            var (best, score) = (0, float.NegativeInfinity);
            for (var i = 4; i < numbers; i++)
            {
                if (values[(i * cells) + cell] > score)
                {
                    (best, score) = (i - 4, values[(i * cells) + cell]);
                }
            }

            if (score > threshold)
            {
                found.Add(new Detection(best, score, Box(values[cell], values[cells + cell], values[(2 * cells) + cell], values[(3 * cells) + cell], frame)));
            }
        }

        return found;
    }

    private static List<Detection> Rows(ReadOnlySpan<float> values, int cells, int numbers, PictureFrame frame, double threshold)
    {
        var found = new List<Detection>();
        for (var cell = 0; cell < cells; cell++)
        {
            var row = values.Slice(cell * numbers, numbers);
            if (row[4] > threshold && Numbers.Largest(row[5..], 1) is [var best] && row[4] * row[5 + best] is var score && score > threshold)
            {
                found.Add(new Detection(best, score, Box(row[0], row[1], row[2], row[3], frame)));
            }
        }

        return found;
    }

    private static List<Detection> Finished(ReadOnlySpan<float> values, int things, PictureFrame frame, double threshold)
    {
        var found = new List<Detection>();
        for (var thing = 0; thing < things; thing++)
        {
            var row = values.Slice(thing * 6, 6);
            if (row[4] > threshold)
            {
                found.Add(new Detection((int)Math.Clamp(row[5], 0, int.MaxValue / 2), row[4], Corners(row[0], row[1], row[2], row[3], frame)));
            }
        }

        return found;
    }

    private static float[] Box(float x, float y, float width, float height, PictureFrame frame) =>
        Corners(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2), frame);

    private static float[] Corners(float left, float top, float right, float bottom, PictureFrame frame)
    {
        var (x0, y0) = frame.Placement.ToPicture(left, top);
        var (x1, y1) = frame.Placement.ToPicture(right, bottom);
        return Within(frame.Original, x0, y0, x1, y1);
    }
}
