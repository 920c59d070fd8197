using Serving.Runtime.Images.Encoding;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Resampling;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>
/// Says how far away each pixel is: as a grey picture of the picture's size, from the least number in black to the greatest in white,
/// and for those who ask the graph's numbers themselves.
/// </summary>
internal sealed class DepthEstimation : ITask
{
    public const string Name = "depth-estimation";
    public const string Depth = "depth";
    public const string Predicted = "predicted_depth";

    private readonly ImageGraph _graph;
    private readonly TensorSignature _output;

    private DepthEstimation(TaskMaterial material)
    {
        _graph = ImageGraph.Make(material);
        _output = Find(material) ?? ImageOutputs.Find(material, 3, Name, Predicted);
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings);
    }

    public static TaskKind Kind { get; } = new(Name, ImageOptions.All, Recognise, material => new DepthEstimation(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => ImageGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } =
    [
        TensorSignatures.PerRow(Depth, ElementType.Bytes),
        TensorSignatures.PerRow(Predicted, ElementType.Float32, ("height", -1), ("width", -1)),
    ];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var wantsPicture = call.Wants(Depth);
        if (!(await _graph.RunAsync(call, [_output.Name], (frame, response) => Read(frame, response, wantsPicture)).ConfigureAwait(false)).TryGetValue(out var maps, out var failure))
        {
            return failure;
        }

        var answer = new TaskAnswer();
        if (wantsPicture)
        {
            answer.Add(Depth, new TensorShape(maps.Length), [.. maps.Select(map => map.Png)]);
        }

        if (!call.Wants(Predicted, always: false))
        {
            return answer;
        }

        if (maps.Any(map => map.Size != maps[0].Size))
        {
            answer.Dispose();
            return InferenceFailure.InvalidInput($"the pictures of this request give {Predicted} of different sizes, which are no tensor; send them one by one");
        }

        return answer.Add(Predicted, new TensorShape(maps.Length, maps[0].Size.Height, maps[0].Size.Width), [.. maps.SelectMany(map => map.Values)]);
    }

    private static (ReadOnlyMemory<byte> Png, ImageSize Size, float[] Values) Read(PictureFrame frame, InferenceResponse response, bool wantsPicture)
    {
        var shape = response.Outputs[0].Shape;
        var size = new ImageSize((int)shape[shape.Rank - 2], (int)shape[shape.Rank - 1]);
        var values = Numbers.Floats(response.Outputs[0]).ToArray();
        return (wantsPicture ? Picture(values, size, frame.Original) : ReadOnlyMemory<byte>.Empty, size, values);
    }

    private static byte[] Picture(float[] values, ImageSize size, ImageSize picture)
    {
        var depths = new float[picture.Pixels];
        MapInterpolation.Resize(values, (size.Height, size.Width), depths, (picture.Height, picture.Width), InterpolationMode.Bicubic);
        var (least, greatest) = (depths.Min(), depths.Max());
        var range = greatest > least ? greatest - least : 1;
        return PngWriter.Write(Array.ConvertAll(depths, depth => (byte)((depth - least) / range * 255)), picture.Width, picture.Height, channels: 1);
    }

    private static TensorSignature? Find(TaskMaterial material) =>
        material.Output(Predicted) is { HasRank: true } named && Numbers.AreFloats(named.Type)
            && (named.Shape.Rank == 3 || (named.Shape.Rank == 4 && named.Shape[1] == 1)) ? named : null;

    private static string? Recognise(TaskMaterial material) =>
        !ImageGraph.Fits(material) ? null
        : material.Config.IsFor("ForDepthEstimation") ? $"its architecture is {material.Config.Architecture}"
        : Find(material) is not null ? $"the graph's output is called {Predicted}"
        : null;
}
