using System.Collections.Frozen;
using Microsoft.ML.OnnxRuntime;

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
    private readonly IdleRuns _idle = new();
    private readonly bool _exclusive;
    private int _users = 1;

    public OnnxSession(InferenceSession session, SessionOptions options, ExternalWeights? weights, string provider)
    {
        _session = session;
        _options = options;
        _weights = weights;
        Provider = provider;
        _exclusive = provider == Providers.ProviderNames.DirectMl;
        CopiesWhenBound = provider != Providers.ProviderNames.Cpu;
    }

    /// <summary>The execution provider in use.</summary>
    public string Provider { get; }

    /// <summary>The outputs whose extents follow from the inputs' alone, whatever these contain. None, until it is told.</summary>
    public FrozenSet<string> FixedOutputs { get; set; } = FrozenSet<string>.Empty;

    /// <summary>Whether inputs are copied to a device when they are bound, so that what is written later would not be seen.</summary>
    internal bool CopiesWhenBound { get; }

    /// <summary>A run at these shapes; disposing it gives it back.</summary>
    /// <param name="inputs">The inputs; those left out take their defaults.</param>
    /// <param name="outputs">The outputs wanted, by name; nothing else is computed for their sake.</param>
    public BoundRun Rent(ReadOnlySpan<RunInput> inputs, IReadOnlyList<string> outputs)
    {
        var hash = default(HashCode);
        hash.Add(outputs.Count);
        foreach (ref readonly var input in inputs)
        {
            hash.Add(input.Shape.GetHashCode());
        }

        var code = hash.ToHashCode();
        Interlocked.Increment(ref _users);
        try
        {
            return _idle.Take(code, inputs, outputs) ?? new BoundRun(this, inputs, outputs, code);
        }
        catch (OnnxRuntimeException e)
        {
            Release();
            throw new GraphException(e.Message, e);
        }
    }

    /// <summary>Frees the graph, as soon as the last run has been given back: clients may still be taking its outputs.</summary>
    public void Dispose()
    {
        _idle.Close();
        Release();
    }

    internal bool HasFixedExtents(string output) => FixedOutputs.Contains(output);

    internal OrtIoBinding CreateBinding() => _session.CreateIoBinding();

    internal void Run(RunOptions options, OrtIoBinding binding)
    {
        if (!_exclusive)
        {
            _session.RunWithBinding(options, binding);
            return;
        }

        lock (DirectMlLane)
        {
            _session.RunWithBinding(options, binding);
        }
    }

    internal void Return(BoundRun run, bool isBroken)
    {
        if (isBroken)
        {
            run.Free();
        }
        else
        {
            _idle.Put(run);
        }

        Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
        {
            return;
        }

        _session.Dispose();
        _options.Dispose();
        _weights?.Dispose();
    }
}
