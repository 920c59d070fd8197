using Serving.Runtime.Batching.Probe;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Batching.Faults;

/// <summary>A row that a graph has run once, made again for each run: it may be large, and is rarely needed.</summary>
internal sealed class SampleRow
{
    /// <summary>No new try begins later; what a graph refuses, it mostly refuses at once. Arbitrary.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly GraphSignature _signature;
    private readonly SampleMaker _samples;
    private readonly BatchAxes _axes;
    private readonly AxisSizes _sizes;
    private readonly SampleValues _values;

    private SampleRow(GraphSignature signature, SampleMaker samples, BatchAxes axes, AxisSizes sizes, SampleValues values)
    {
        _signature = signature;
        _samples = samples;
        _axes = axes;
        _sizes = sizes;
        _values = values;
    }

    /// <summary>The first row that a graph runs; null where none was found.</summary>
    public static SampleRow? Find(GraphSignature signature, SampleMaker samples, BatchAxes axes, ProbeGraph graph, TimeProvider time)
    {
        if (signature.Inputs.Any(input => !input.HasRank))
        {
            return null;
        }

        var started = time.GetTimestamp();
        return Rows().TakeWhile(_ => time.GetElapsedTime(started) < Patience).FirstOrDefault(row => row.IsReasonable() && row.Run(graph) is null);

        IEnumerable<SampleRow> Rows() =>
            from sizes in AxisSizes.For(Symbols(signature, axes))
            from values in Enum.GetValues<SampleValues>()
            select new SampleRow(signature, samples, axes, sizes, values);
    }

    /// <summary>Runs it: null, or the graph's complaint.</summary>
    public string? Run(ProbeGraph graph)
    {
        ProbeTensor[] inputs = [.. _signature.Inputs.Select(input =>
        {
            var shape = Shape(input);
            return new ProbeTensor(input.Type, shape, _samples.Make(input, shape, _values, row: 0));
        })];
        return graph.Run(inputs, out var complaint) is null ? complaint ?? "it failed without a reason" : null;
    }

    private bool IsReasonable() => _signature.Inputs.All(input => SampleMaker.IsReasonable(Shape(input)));

    private TensorShape Shape(TensorSignature input) => _sizes.RowShape(input, _axes.Inputs.GetValueOrDefault(input.Name, -1));

    private static HashSet<string> Symbols(GraphSignature signature, BatchAxes axes) =>
    [
        .. from input in signature.Inputs
           from axis in Enumerable.Range(0, input.Shape.Rank)
           where input.Shape[axis] < 0 && axis != axes.Inputs.GetValueOrDefault(input.Name, -1)
           select input.AxisNames[axis],
    ];
}
