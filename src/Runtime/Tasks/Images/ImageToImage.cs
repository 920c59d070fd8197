using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Tiling;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>Makes a picture of a picture: larger, cleaner, of another style. Large ones go through the graph in tiles.</summary>
internal sealed class ImageToImage : ITask
{
    public const string Name = "image-to-image";
    public const string Result = "image";

    private const int UsualSide = 512;
    private const int UsualOverlap = 32;

    private readonly ImageGraph _graph;
    private readonly string[] _output;
    private readonly int _largestSide;

    private ImageToImage(TaskMaterial material)
    {
        _graph = ImageGraph.Make(material, Whole).WithBorder();
        _output = [ImageOutputs.Find(material, 4, Name, "reconstruction").Name];
        _largestSide = LargestSide(_graph.Plan);
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with { Notes = [] };
    }

    public static CountOption TileSide { get; } = new("tile", "The side of the tiles that larger pictures are cut into, in pixels. Default: 512, or the graph's own size.", 16, 8192);

    public static CountOption Overlap { get; } = new("overlap", "How far tiles overlap, in pixels; at most a quarter of a tile. Default: 32.", 0, 1024);

    public static ChoiceOption Range { get; } = new(
        "output_range", "What the graph's numbers from black to white are: unit (0 to 1), signed (-1 to 1) or byte (0 to 255). Default: unit.", "unit", "signed", "byte") { IsPerRequest = false };

    public static TaskKind Kind { get; } = new(Name, [TileSide, Overlap, Range, .. ImageOptions.All], Recognise, material => new ImageToImage(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => ImageGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } = [TensorSignatures.PerRow(Result, ElementType.Bytes)];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var side = Math.Min(call.Settings.Get(TileSide, UsualSide), _largestSide);
        var overlap = Math.Min(call.Settings.Get(Overlap, UsualOverlap), side / 4);
        var limits = ImageOptions.Limits(call.Settings);
        limits = limits with { MaxPixels = Math.Min(limits.MaxPixels, PictureStitching.MostPixels) };
        var files = call.Bytes(ImageGraph.Image);
        var results = new ReadOnlyMemory<byte>[files.Length];

        // One after the other: a picture has enough tiles of its own to keep the graph busy.
        for (var row = 0; row < files.Length; row++)
        {
            if (!(await PictureWork.RunAsync(
                [files[row]], row, files.Length, limits, picture => PictureTiles.Cut(picture, side, overlap, tile => _graph.Prepare(tile, limits)), call.CancellationToken).ConfigureAwait(false))
                .TryGetValue(out var cut, out var failure)
                || !(await MakeAsync(call, cut[0]).ConfigureAwait(false)).TryGetValue(out var made, out failure))
            {
                return failure;
            }

            results[row] = made;
        }

        return new TaskAnswer().Add(Result, new TensorShape(files.Length), results);
    }

    private async ValueTask<Outcome<byte[]>> MakeAsync(TaskCall call, PictureTiles tiles)
    {
        var whole = new PictureStitching(tiles.Size);
        var tile = 0;
        if (!(await ImageGraph.RunAsync(call, tiles.Tensors, _output, (frame, response) => Add(whole, tiles.Places[tile++], frame, response)).ConfigureAwait(false))
            .TryGetValue(out _, out var failure))
        {
            return failure;
        }

        var (black, white) = Settings.Get(Range, "unit") switch { "signed" => (-1f, 1f), "byte" => (0f, 255f), _ => (0f, 1f) };
        return whole.Failure is { } misfit ? misfit : whole.ToPng(black, white);
    }

    private static bool Add(PictureStitching whole, Tile place, PictureFrame frame, InferenceResponse response)
    {
        whole.Add(place, frame, response.Outputs[0]);
        return true;
    }

    /// <summary>The plan without a description: pictures as they are, zeros to the graph's size where it has one.</summary>
    private static ImagePreprocessor Whole(ImageInput input) => new() { Input = input, Border = new TensorBorder(null) };

    /// <summary>The largest side whose tile, with what the plan adds to it, the graph takes.</summary>
    private static int LargestSide(ImagePreprocessor plan)
    {
        var most = Math.Min(plan.Input.Height ?? int.MaxValue, plan.Input.Width ?? int.MaxValue);
        if (most == int.MaxValue)
        {
            return most;
        }

        var side = most;
        while (side > 1 && plan.Steps.Aggregate(new ImageSize(side, side), (size, step) => step.Of(size)).Longer > most)
        {
            side--;
        }

        return side;
    }

    private static string? Recognise(TaskMaterial material) =>
        !ImageGraph.Fits(material) ? null
        : material.Config.IsFor("ForImageSuperResolution") || material.Config.IsFor("ForImageToImage") ? $"its architecture is {material.Config.Architecture}"
        : material.Output("reconstruction") is { HasRank: true, Shape.Rank: 4 } ? "the graph's output is called reconstruction"
        : null;
}
