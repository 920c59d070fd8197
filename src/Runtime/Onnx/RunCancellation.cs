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

    /// <summary>A run begins; it ends with <see cref="End"/>.</summary>
    internal void Begin(RunOptions options)
    {
        lock (_gate)
        {
            _running = options;
            if (_requested)
            {
                options.Terminate = true;
            }
        }
    }

    // The options serve the next run, which nobody may end by mistake.
    internal void End()
    {
        lock (_gate)
        {
            if (_requested && _running is { } options)
            {
                options.Terminate = false;
            }

            _running = null;
        }
    }
}
