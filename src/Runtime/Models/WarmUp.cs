using Serving.Runtime.Batching.Probe;
using Serving.Runtime.Configuration;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Models;

/// <summary>Runs the shapes that the user named, so that the first request of each is not the slow one.</summary>
internal static class WarmUp
{
    /// <exception cref="GraphException">A shape names an unknown input, or the graph does not accept it.</exception>
    public static void Run(ModelConfig config, GraphSignature signature, ProbeGraph graph, SampleMaker samples)
    {
        foreach (var shapes in config.WarmupShapes)
        {
            if (shapes.Keys.FirstOrDefault(name => signature.IndexOf(name) < 0) is { } unknown)
            {
                throw new GraphException($"warmup.shapes: the graph has no input '{unknown}'");
            }

            var inputs = signature.Inputs.Select(input =>
            {
                var shape = shapes.TryGetValue(input.Name, out var dims)
                    ? new TensorShape([.. dims])
                    : new TensorShape([.. input.Shape.ToArray().Select(d => Math.Max(d, 1))]);
                return new ProbeTensor(input.Type, shape, samples.Make(input, shape, SampleValues.Mixed, row: 0));
            });
            if (graph.Run([.. inputs], out var complaint) is null)
            {
                throw new GraphException($"warmup.shapes: {complaint}");
            }
        }
    }
}
