using Serving.Runtime.Configuration;
using Serving.Runtime.Graphs;
using Serving.Runtime.Onnx.Providers;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Models;

/// <summary>What must be true of a graph and its configuration before a session is made: nothing native fails half-way then.</summary>
internal static class GraphChecks
{
    private static readonly string[] Random = ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"];

    /// <summary>Every error found; empty where the model may be loaded.</summary>
    public static IReadOnlyList<string> Check(OnnxGraph graph, ModelConfig config, string path) =>
    [
        .. MissingFiles(graph, config, path),
        .. ExecutionProviders.Validate(config.Providers),
        .. config.Inputs.SelectMany(declared => Compare("input", declared, graph.Inputs)),
        .. config.Outputs.SelectMany(declared => Compare("output", declared, graph.Outputs)),
        .. config.Labels.SelectMany(labels => CheckLabels(labels.Key, labels.Value, graph.Outputs)),
        .. config.Axes.SelectMany(declared => CheckAxes(declared.Key, declared.Value.Length, graph)),
        .. (config.Padding?.Values.Keys ?? []).SelectMany(input => CheckPadding(input, graph.Inputs)),
        .. CheckCache(config, graph),
        .. DeclaredAxes.Check(config, graph) is { } leak ? [leak] : Array.Empty<string>(),
    ];

    /// <summary>What a graph draws anew for each run must not be told twice.</summary>
    private static IEnumerable<string> CheckCache(ModelConfig config, OnnxGraph graph) =>
        config.Cache is null ? [] : graph.Nodes.Select(node => node.Operator).Distinct().Where(Random.Contains).Select(op => $"cache: the graph draws random numbers ({op}), so that no answer holds for another request");

    private static IEnumerable<string> MissingFiles(OnnxGraph graph, ModelConfig config, string path) => graph.ExternalData
        .Select(tensor => CheckExternal(tensor, Path.GetDirectoryName(path)!))
        .OfType<string>()
        .Distinct()
        .Concat(config.CustomOps.Where(file => !File.Exists(file)).Select(file => $"custom_ops: '{file}' does not exist"));

    private static string? CheckExternal(ExternalTensor tensor, string folder)
    {
        if (Path.IsPathRooted(tensor.Location) || tensor.Location.Split('/', '\\').Contains(".."))
        {
            return $"the weights file '{tensor.Location}', which the graph names, is outside the model's folder";
        }

        var file = new FileInfo(Path.Combine(folder, tensor.Location));
        if (!file.Exists)
        {
            return $"the weights file '{tensor.Location}', which the graph names, is not beside it";
        }

        return tensor.ByteCount is { } bytes && (tensor.Offset > file.Length || bytes > file.Length - tensor.Offset)
            ? $"the weights file '{tensor.Location}' has {file.Length} bytes; the graph expects weight '{tensor.Name}' at {tensor.Offset} with {bytes} bytes"
            : null;
    }

    private static IEnumerable<string> Compare(string role, DeclaredTensor declared, IReadOnlyList<TensorSignature> actual)
    {
        var tensor = actual.FirstOrDefault(t => t.Name == declared.Name);
        if (tensor is null)
        {
            yield return $"{role} '{declared.Name}' is not in the graph; its {role}s are {string.Join(", ", actual.Select(t => $"'{t.Name}'"))}";
            yield break;
        }

        if (declared.Type is { } type && type != tensor.Type)
        {
            yield return $"{role} '{declared.Name}' is declared {type.Name()}, the graph has {tensor.Type.Name()}";
        }

        if (!declared.Dims.IsDefault && tensor.HasRank && !Agree(declared.Dims.AsSpan(), tensor.Shape.Dims))
        {
            yield return $"{role} '{declared.Name}' is declared with shape {new TensorShape([.. declared.Dims])}, the graph has {tensor.Shape}";
        }
    }

    private static bool Agree(ReadOnlySpan<long> declared, ReadOnlySpan<long> actual)
    {
        if (declared.Length != actual.Length)
        {
            return false;
        }

        for (var axis = 0; axis < declared.Length; axis++)
        {
            if (declared[axis] >= 0 && actual[axis] >= 0 && declared[axis] != actual[axis])
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> CheckLabels(string output, string file, IReadOnlyList<TensorSignature> outputs)
    {
        if (outputs.All(t => t.Name != output))
        {
            yield return $"labels are given for output '{output}', which is not in the graph; its outputs are {string.Join(", ", outputs.Select(t => $"'{t.Name}'"))}";
        }

        if (!File.Exists(file))
        {
            yield return $"the labels of output '{output}' are missing: '{file}' does not exist, nor does a file of that name in the version's folder";
        }
    }

    private static IEnumerable<string> CheckPadding(string name, IReadOnlyList<TensorSignature> inputs)
    {
        var input = inputs.FirstOrDefault(t => t.Name == name);
        if (input is null)
        {
            yield return $"padding.{name}: the graph has no such input; its inputs are {string.Join(", ", inputs.Select(t => $"'{t.Name}'"))}";
        }
        else if (input.Type == ElementType.Bytes)
        {
            yield return $"padding.{name}: strings cannot be padded";
        }
    }

    private static IEnumerable<string> CheckAxes(string tensor, int count, OnnxGraph graph)
    {
        var known = graph.Inputs.Concat(graph.Outputs).FirstOrDefault(t => t.Name == tensor);
        if (known is null)
        {
            yield return $"axes.{tensor}: the graph has no such input or output";
        }
        else if (known.HasRank && known.Shape.Rank != count)
        {
            yield return $"axes.{tensor}: {count} axes are named, the graph has {known.Shape.Rank}";
        }
    }
}
