using Microsoft.ML.OnnxRuntime;

namespace Serving.Runtime.Onnx;

/// <summary>Ends a run of a graph from another thread.</summary>
internal sealed class RunCancellation
{
    private readonly Lock _gate = new();
    private RunOptions? _running;
    private bool _requested;

    /// <summary>Ends the run if it is under way, or as soon as it begins.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            _requested = true;
            if (_running is { } options)
            {
                options.Terminate = true;
            }
        }
    }

    internal IDisposable Register(RunOptions options)
    {
        lock (_gate)
        {
            _running = options;
            options.Terminate = _requested;
        }

        return new Registration(this);
    }

    // The options are native memory that is freed after the run: nobody may set them then.
    private sealed class Registration(RunCancellation owner) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._running = null;
            }
        }
    }
}
