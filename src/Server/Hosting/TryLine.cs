using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Server.Hosting;

/// <summary>One line that a person can paste to see the server answer.</summary>
internal static class TryLine
{
    /// <summary>Beyond this a line no longer fits a screen.</summary>
    private const int MostElements = 32;

    /// <summary>
    /// An inference where some model takes few numbers of fixed shape, so that zeros surely fit;
    /// else the description of a model; else that of the server.
    /// </summary>
    public static string For(string curl, Uri rest, IEnumerable<ModelStatus> ready, Func<string, Outcome<ModelMetadata>> getMetadata)
    {
        var names = ready.Select(model => model.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var name in names)
        {
            if (getMetadata(name).TryGetValue(out var metadata, out _) && metadata.Inputs.Count > 0 && metadata.Inputs.All(IsSmall))
            {
                return $"{curl} {new Uri(rest, $"v2/models/{Uri.EscapeDataString(name)}/infer").AbsoluteUri} -d '{Body(metadata)}'";
            }
        }

        return $"{curl} {new Uri(rest, names.Count > 0 ? $"v2/models/{Uri.EscapeDataString(names[0])}" : "v2").AbsoluteUri}";
    }

    private static bool IsSmall(TensorSignature input) =>
        input.Type != ElementType.Bytes && !input.Name.Contains('\'', StringComparison.Ordinal) && One(input.Shape).TryCountElements(out var count) && count is > 0 and <= MostElements;

    /// <summary>The shape of one row: only the first axis may vary, since zeros of length 1 need not make sense to a graph.</summary>
    private static TensorShape One(TensorShape shape) => shape.Rank > 0 && shape[0] < 0 ? shape.With(0, 1) : shape;

    private static string Body(ModelMetadata metadata) => $$"""{"inputs":[{{string.Join(',', metadata.Inputs.Select(Input))}}]}""";

    private static string Input(TensorSignature input)
    {
        var shape = One(input.Shape);
        shape.TryCountElements(out var count);
        var zero = input.Type == ElementType.Bool ? "false" : "0";
        return $$"""{"name":"{{JsonEncodedText.Encode(input.Name)}}","datatype":"{{input.Type.Name()}}","shape":{{shape}},"data":[{{string.Join(',', Enumerable.Repeat(zero, (int)count))}}]}""";
    }
}
