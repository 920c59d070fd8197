using Serving.Runtime.Images;
using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Images.Preprocessing.Reading;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>A graph that sees pictures, with what is done to them before: as <c>preprocessor_config.json</c> says, or timm's <c>config.json</c>.</summary>
internal sealed class ImageGraph
{
    /// <summary>The input of every task over pictures: encoded files.</summary>
    public const string Image = "image";

    private const string Description = "preprocessor_config.json";
    private const string Mask = "pixel_mask";

    /// <summary>Pictures of a request that are in memory as tensors at a time; the others wait as files. Arbitrary.</summary>
    private const int Together = 64;

    private readonly TensorSignature _pixels;
    private readonly TensorSignature? _mask;

    private ImageGraph(TensorSignature pixels, TensorSignature? mask, ImagePreprocessor plan, bool isDescribed)
    {
        _pixels = pixels;
        _mask = mask;
        Plan = plan;
        IsDescribed = isDescribed;
    }

    /// <summary>What is done to pictures before the graph sees them.</summary>
    public ImagePreprocessor Plan { get; }

    /// <summary>Whether the model's files say so; else it is what suits the graph's shape.</summary>
    public bool IsDescribed { get; }

    public static IReadOnlyList<TensorSignature> Inputs { get; } = [TensorSignatures.Bytes(Image)];

    /// <summary>Whether a graph sees one picture a row and nothing else.</summary>
    public static bool Fits(TaskMaterial material) => Pixels(material) is { } pixels && material.Inputs.All(input => input == pixels || input.Optional || IsMask(input));

    /// <summary>Finds the input and reads the description.</summary>
    /// <param name="otherwise">The plan where no file describes one; null: the graph's size, samples from 0 to 1.</param>
    /// <exception cref="TaskException">The graph wants something that no picture gives, or other sizes than the description makes.</exception>
    /// <exception cref="Configuration.ConfigException">The description cannot be used.</exception>
    public static ImageGraph Make(TaskMaterial material, Func<ImageInput, ImagePreprocessor>? otherwise = null)
    {
        var pixels = Pixels(material) ?? throw new TaskException(
            $"the graph has no one input for pictures, of 4 axes with 1 or 3 channels; it has {string.Join(", ", material.Inputs.Select(i => $"{i.Name} {i.Type.Name()} {i.Shape}"))}");
        if (material.Inputs.FirstOrDefault(input => input != pixels && !input.Optional && !IsMask(input)) is { } unknown)
        {
            throw new TaskException($"the graph's input '{unknown.Name}' ({unknown.Type.Name()} {unknown.Shape}) is none that a picture gives");
        }

        if (pixels.Shape[0] > 1)
        {
            throw new TaskException($"the graph's input '{pixels.Name}' always has {pixels.Shape[0]} rows; a picture is one");
        }

        var input = ImageInput.Of(pixels.Type, pixels.Shape)!;
        var described = Describe(material, input);
        var plan = described ?? (otherwise ?? ImagePreprocessor.Default)(input);
        if (plan.FixedSize is { } size && (size.Height != (input.Height ?? size.Height) || size.Width != (input.Width ?? size.Width)))
        {
            throw new TaskException($"the model's files bring pictures to {size}, the graph's input '{pixels.Name}' has the shape {pixels.Shape}");
        }

        return new ImageGraph(pixels, material.Inputs.FirstOrDefault(IsMask), plan, described is not null);
    }

    /// <summary>The same, where pictures smaller than the graph's own size get a border of zeros.</summary>
    public ImageGraph WithBorder() => new(_pixels, _mask, Plan with { Border = Plan.Border ?? new TensorBorder(null) }, IsDescribed);

    /// <summary>What a client may know of a task over this graph.</summary>
    public TaskDetails Describe(string task, TaskMaterial material, TaskSettings settings) => new(task, material.Evidence)
    {
        Parameters = settings.Parameters,
        Architecture = material.Config.Architecture is { Length: > 0 } named ? named : material.Config.Root.Field("architecture").AsText() ?? "",
        Notes = IsDescribed ? [] : [$"there is no {Description}: pictures are brought to {Plan.FixedSize} as it seems to suit the graph"],
    };

    /// <summary>Decodes and prepares each picture of a request and runs it by itself; the planner puts together what suits.</summary>
    /// <param name="outputs">The graph's outputs that are wanted.</param>
    /// <param name="finish">Makes a picture's result of the graph's answer.</param>
    public async ValueTask<Outcome<T[]>> RunAsync<T>(TaskCall call, IReadOnlyList<string> outputs, Func<PictureFrame, InferenceResponse, T> finish)
    {
        var files = call.Bytes(Image);
        var limits = ImageOptions.Limits(call.Settings);
        var results = new T[files.Length];
        for (var first = 0; first < files.Length; first += Together)
        {
            var some = files[first..Math.Min(first + Together, files.Length)];
            if (!(await PictureWork.RunAsync(some, first, files.Length, limits, picture => Prepare(picture, limits), call.CancellationToken).ConfigureAwait(false))
                .TryGetValue(out var tensors, out var failure))
            {
                return failure;
            }

            if (!(await RunAsync(call, tensors, outputs, finish).ConfigureAwait(false)).TryGetValue(out var part, out failure))
            {
                return failure;
            }

            part.CopyTo(results, first);
        }

        return results;
    }

    /// <summary>Makes the graph's inputs of a picture, which stays its owner's.</summary>
    public Outcome<PictureTensor> Prepare(Raster picture, ImageLimits limits)
    {
        if (!Plan.Prepare(picture, limits).TryGetValue(out var prepared, out var failure))
        {
            return failure;
        }

        using (prepared)
        {
            return new PictureTensor(prepared, _pixels, _mask);
        }
    }

    /// <summary>Runs the graph on pictures, and disposes them.</summary>
    public static async ValueTask<Outcome<T[]>> RunAsync<T>(
        TaskCall call, IReadOnlyList<PictureTensor> pictures, IReadOnlyList<string> outputs, Func<PictureFrame, InferenceResponse, T> finish)
    {
        try
        {
            return await GraphRows.RunAsync(call, [.. pictures.Select(picture => picture.Inputs)], outputs, (i, response) => finish(pictures[i].Frame, response)).ConfigureAwait(false);
        }
        finally
        {
            foreach (var picture in pictures)
            {
                picture.Dispose();
            }
        }
    }

    private static ImagePreprocessor? Describe(TaskMaterial material, ImageInput input) =>
        material.Files.ReadJson(Description) is { } description ? PreprocessorReader.Read(description, Description, input)
        : material.Config.Root is { ValueKind: System.Text.Json.JsonValueKind.Object } config ? TimmReader.Read(config, "config.json", input)
        : null;

    private static TensorSignature? Pixels(TaskMaterial material)
    {
        var fitting = material.Inputs.Where(input => input is { HasRank: true, Optional: false, Shape.Rank: 4 } && ImageInput.Of(input.Type, input.Shape) is not null).Take(2).ToList();
        return material.Input("pixel_values") is { } named && fitting.Contains(named) ? named : fitting is [var only] ? only : null;
    }

    private static bool IsMask(TensorSignature input) => input is { Name: Mask, Type: ElementType.Int64, HasRank: true, Shape.Rank: 3 };
}
