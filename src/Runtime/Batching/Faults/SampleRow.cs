using Serving.Runtime.Batching.Probe;
using Serving.Runtime.Models;

namespace Serving.Runtime.Batching.Faults;

/// <summary>A row that a graph has run once, made again for each run: it may be large, and is rarely needed.</summary>
internal sealed class SampleRow
{
    private readonly SampleInputs _inputs;
    private readonly AcceptedSample _sample;

    private SampleRow(SampleInputs inputs, AcceptedSample sample)
    {
        _inputs = inputs;
        _sample = sample;
    }

    /// <summary>A row that a graph runs; null where none was found.</summary>
    public static SampleRow? Find(GraphSignature signature, SampleMaker samples, BatchAxes axes, ProbeGraph graph, TimeProvider time)
    {
        var inputs = new SampleInputs(signature, samples);
        if (axes.Sample is { } known && new SampleRow(inputs, known) is var row && row.Run(graph) is null)
        {
            return row;
        }

        // The probe asked the processor, which may run what the device refuses, or its time was over.
        return new SampleSearch(signature, graph, samples, time).Run(axes) is { } found ? new SampleRow(inputs, found) : null;
    }

    /// <summary>Runs it: null, or the graph's complaint.</summary>
    public string? Run(ProbeGraph graph)
    {
        if (_inputs.Make(_sample, rows: 1) is not { } made)
        {
            return "the sample is unreasonably large";
        }

        return graph.Run(made, out var complaint) is null ? complaint ?? "it failed without a reason" : null;
    }
}
