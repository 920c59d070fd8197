using Serving.Runtime.Tasks.Finding;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks.Images;

/// <summary>What tasks over pictures look for in a model.</summary>
internal static class ImageOutputs
{
    /// <summary>The graph's output with a number of axes: the first of the names that it has, or the only one.</summary>
    /// <exception cref="TaskException">There is none.</exception>
    public static TensorSignature Find(TaskMaterial material, int rank, string task, params ReadOnlySpan<string> names) =>
        material.OutputOf(rank, names) is { HasRank: true } output && Numbers.AreFloats(output.Type)
            ? output
            : throw new TaskException(
                $"the task {task} wants one output of floating-point numbers with {rank} axes{(names.IsEmpty ? "" : $", such as '{names[0]}'")}; the graph has {string.Join(", ", material.Outputs.Select(o => $"{o.Name} {o.Type.Name()} {o.Shape}"))}");

    /// <summary>The classes' names: <c>id2label</c>, or timm's <c>label_names</c>; empty where there are none.</summary>
    public static IReadOnlyList<string> Labels(TaskMaterial material)
    {
        if (material.Config.Labels is { } labels)
        {
            return labels;
        }

        var root = material.Config.Root;
        var names = (root.Field("label_names") ?? root.Field("pretrained_cfg").Field("label_names")).AsList();
        return [.. names.Select((name, i) => ((System.Text.Json.JsonElement?)name).AsText() ?? $"LABEL_{i}")];
    }
}
