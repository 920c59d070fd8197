using Serving.Runtime.Models;
using Serving.Runtime.Onnx;

namespace Serving.Runtime.Batching.Probe;

/// <summary>Runs a graph on the probe's tensors, within the probe's time.</summary>
internal sealed class ProbeGraph(OnnxSession session, GraphSignature signature, CancellationToken timeout)
{
    /// <summary>All outputs in the graph's order; null with the graph's complaint where it does not accept the inputs.</summary>
    public ProbeTensor[]? Run(IReadOnlyList<ProbeTensor> inputs, out string? complaint)
    {
        timeout.ThrowIfCancellationRequested();
        var cancellation = new RunCancellation();
        using var registration = timeout.UnsafeRegister(static state => ((RunCancellation)state!).Cancel(), cancellation);
        var bound = new RunInput[inputs.Count];
        for (var i = 0; i < bound.Length; i++)
        {
            bound[i] = new RunInput(signature.Inputs[i].Name, inputs[i].Type, inputs[i].Shape);
        }

        try
        {
            using var run = session.Rent(bound, signature.OutputNames);
            for (var i = 0; i < bound.Length; i++)
            {
                inputs[i].Data.CopyTo(run.Write(i, inputs[i].Data.Length));
            }

            run.Execute(cancellation);
            complaint = null;
            return Array.ConvertAll(run.Outputs, static output => new ProbeTensor(output.Type, output.Shape, output.Memory.ToArray()));
        }
        catch (GraphException e)
        {
            timeout.ThrowIfCancellationRequested();
            complaint = e.Message;
            return null;
        }
    }
}
