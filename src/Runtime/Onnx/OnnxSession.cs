using Microsoft.ML.OnnxRuntime;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>
/// A loaded graph. Any number of threads may run it at a time, except on DirectML, which crashes when threaded and gets
/// one lane for the process (microsoft/onnxruntime#22147).
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private static readonly Lock DirectMlLane = new();

    private readonly InferenceSession _session;
    private readonly SessionOptions _options;
    private readonly ExternalWeights? _weights;
    private readonly bool _exclusive;

    public OnnxSession(InferenceSession session, SessionOptions options, ExternalWeights? weights, string provider)
    {
        _session = session;
        _options = options;
        _weights = weights;
        Provider = provider;
        _exclusive = provider == Providers.ProviderNames.DirectMl;
    }

    /// <summary>The execution provider in use.</summary>
    public string Provider { get; }

    /// <summary>Runs the graph. The caller disposes the outputs.</summary>
    /// <param name="inputs">The inputs; those left out take their defaults.</param>
    /// <param name="outputs">The outputs wanted, by name; nothing else is computed for their sake.</param>
    /// <param name="cancellation">Ends the run early; null where nobody can.</param>
    /// <exception cref="GraphException">The graph failed on these inputs, or was cancelled.</exception>
    public GraphOutput[] Run(ReadOnlySpan<GraphTensor> inputs, IReadOnlyList<string> outputs, RunCancellation? cancellation = null)
    {
        var names = new string[inputs.Length];
        var values = new OrtValue[inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                names[i] = inputs[i].Name;
                values[i] = CreateValue(inputs[i]);
            }

            return Run(names, values, outputs, cancellation);
        }
        catch (OnnxRuntimeException e)
        {
            throw new GraphException(e.Message, e);
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
        _weights?.Dispose();
    }

    private GraphOutput[] Run(string[] names, OrtValue[] values, IReadOnlyList<string> outputs, RunCancellation? cancellation)
    {
        using var options = new RunOptions();
        using var registration = cancellation?.Register(options);
        if (!_exclusive)
        {
            return Wrap(_session.Run(options, names, values, [.. outputs]));
        }

        lock (DirectMlLane)
        {
            return Wrap(_session.Run(options, names, values, [.. outputs]));
        }
    }

    private static GraphOutput[] Wrap(IReadOnlyList<OrtValue> results)
    {
        var outputs = new GraphOutput[results.Count];
        try
        {
            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] = new GraphOutput(results[i]);
            }

            return outputs;
        }
        catch (NotSupportedException e)
        {
            foreach (var result in results)
            {
                result.Dispose();
            }

            throw new GraphException(e.Message, e);
        }
    }

    private static unsafe OrtValue CreateValue(in GraphTensor tensor)
    {
        var shape = tensor.Shape.ToArray();
        return tensor.Type == ElementType.Bytes
            ? StringValues.Create(tensor.Data.GetSpan(), shape)
            : OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, tensor.Type.ToOnnx(), shape, (IntPtr)tensor.Data.Pointer, tensor.Data.Length);
    }
}
