using System.Numerics.Tensors;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tasks.Options;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>
/// Makes a vector of each picture: the graph's own (<c>image_embeds</c>, <c>pooler_output</c>), or one made of its vectors of patches
/// ([1, patches, dimensions]) or of its map of features ([1, dimensions, height, width]).
/// </summary>
internal sealed class ImageEmbedding : ITask
{
    public const string Name = "image-feature-extraction";
    public const string Vector = "embedding";

    private const string First = "cls";
    private const string Mean = "mean";

    private readonly ImageGraph _graph;
    private readonly TensorSignature _output;

    private ImageEmbedding(TaskMaterial material)
    {
        _graph = ImageGraph.Make(material);
        _output = Find(material) ?? throw new TaskException(
            $"the task {Name} wants an output with a vector for each picture or patch; the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Shape}"))}");
        Settings = new TaskSettings(Name, Kind.Options).Configure(material.Written);
        Details = _graph.Describe(Name, material, Settings) with
        {
            Pooling = _output.Shape.Rank switch { 2 => "in the graph", 3 => Settings.Get(Pooling, First), _ => Mean },
            Dimensions = (_output.Shape.Rank == 4 ? _output.Shape[1] : _output.Shape[_output.Shape.Rank - 1]) is > 0 and var dimensions ? (int)dimensions : null,
        };
    }

    public static FlagOption Normalize { get; } = new("normalize", "Whether vectors are brought to a length of 1. Default: false.");

    public static ChoiceOption Pooling { get; } = new(
        "pooling", "How the vectors of patches become one: the first (cls) or their mean. Default: cls.", First, Mean) { IsPerRequest = false };

    public static TaskKind Kind { get; } = new(Name, [Normalize, Pooling, .. ImageOptions.All], Recognise, material => new ImageEmbedding(material));

    public TaskDetails Details { get; }

    public IReadOnlyList<TensorSignature> Inputs => ImageGraph.Inputs;

    public IReadOnlyList<TensorSignature> Outputs { get; } = [TensorSignatures.PerRow(Vector, ElementType.Float32, ("dimensions", -1))];

    public TaskSettings Settings { get; }

    public async ValueTask<Outcome<TaskAnswer>> RunAsync(TaskCall call)
    {
        var normalize = call.Settings.Get(Normalize, false);
        return (await _graph.RunAsync(call, [_output.Name], (_, response) => Read(response.Outputs[0], normalize)).ConfigureAwait(false)).TryGetValue(out var vectors, out var failure)
            ? new TaskAnswer().Add(Vector, new TensorShape(vectors.Length, vectors[0].Length), [.. vectors.SelectMany(vector => vector)])
            : failure;
    }

    private float[] Read(in OutputTensor output, bool normalize)
    {
        var vector = Pool(Numbers.Floats(output), output.Shape);
        if (normalize && TensorPrimitives.Norm<float>(vector) is > 0 and var norm)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        return vector;
    }

    private float[] Pool(ReadOnlySpan<float> values, TensorShape shape)
    {
        if (shape.Rank == 2 || (shape.Rank == 3 && Settings.Get(Pooling, First) == First))
        {
            return values[..(int)shape[shape.Rank - 1]].ToArray();
        }

        if (shape.Rank == 4)
        {
            var means = new float[shape[1]];
            var pixels = values.Length / means.Length;
            for (var i = 0; i < means.Length; i++)
            {
                means[i] = TensorPrimitives.Sum(values.Slice(i * pixels, pixels)) / pixels;
            }

            return means;
        }

        var sum = new float[shape[2]];
        for (var patch = 0; patch < shape[1]; patch++)
        {
            TensorPrimitives.Add(sum, values.Slice(patch * sum.Length, sum.Length), sum);
        }

        TensorPrimitives.Divide(sum, shape[1], sum);
        return sum;
    }

    private static TensorSignature? Find(TaskMaterial material)
    {
        var found = material.Output("image_embeds") ?? material.Output("image_features") ?? material.Output("pooler_output")
            ?? material.OutputOf(3, "last_hidden_state") ?? material.OutputOf(2) ?? material.OutputOf(4, "last_hidden_state");
        return found is { HasRank: true, Shape.Rank: 2 or 3 or 4 } && Numbers.AreFloats(found.Type) ? found : null;
    }

    private static string? Recognise(TaskMaterial material) =>
        !ImageGraph.Fits(material) || Find(material) is not { } output ? null
        : material.Config.IsFor("Model") || material.Config.IsFor("ModelWithProjection") || material.Config.IsFor("Backbone") ? $"its architecture is {material.Config.Architecture}"
        : material.Config.Root.Field("pretrained_cfg") is not null ? $"config.json is timm's, of {material.Config.Root.Field("architecture").AsText() ?? "a backbone"}, without classes"
        : output.Name is "image_embeds" ? "the graph's output is called image_embeds"
        : null;
}
