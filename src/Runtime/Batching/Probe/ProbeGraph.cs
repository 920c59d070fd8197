using Serving.Runtime.Models;
using Serving.Runtime.Onnx;
using Serving.Runtime.Tensors;

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
        var tensors = new GraphTensor[inputs.Count];
        try
        {
            for (var i = 0; i < tensors.Length; i++)
            {
                var buffer = BufferPool.Shared.Rent(inputs[i].Data.Length);
                inputs[i].Data.CopyTo(buffer.GetSpan());
                tensors[i] = new GraphTensor(signature.Inputs[i].Name, inputs[i].Type, inputs[i].Shape, buffer);
            }

            var outputs = session.Run(tensors, signature.OutputNames, cancellation);
            complaint = null;
            return Array.ConvertAll(outputs, Take);
        }
        catch (GraphException e)
        {
            timeout.ThrowIfCancellationRequested();
            complaint = e.Message;
            return null;
        }
        finally
        {
            foreach (var tensor in tensors)
            {
                tensor.Data?.Dispose();
            }
        }
    }

    private static ProbeTensor Take(GraphOutput output)
    {
        using (output)
        {
            return new ProbeTensor(output.Type, output.Shape, output.Memory.ToArray());
        }
    }
}
