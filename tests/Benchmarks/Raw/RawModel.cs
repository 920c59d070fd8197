using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Serving.Benchmarks.Raw;

/// <summary>
/// A graph run by ONNX Runtime itself, with everything bound beforehand: what a server cannot beat. One thread for each run, as in the
/// server; any number of threads may run it at a time.
/// </summary>
internal sealed class RawModel : IDisposable
{
    private readonly SessionOptions _options = new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
    };

    public RawModel(string path)
    {
        Session = new InferenceSession(path, _options);
    }

    public InferenceSession Session { get; }

    /// <summary>Binds memory for rows of one length.</summary>
    /// <param name="rows">The first axis.</param>
    /// <param name="length">Every other axis that is open.</param>
    /// <param name="keepsOutputs">Whether outputs get memory once and for all, rather than from ONNX Runtime in each run.</param>
    public RawRun Bind(int rows, int length = 1, bool keepsOutputs = true) => new(Session, rows, length, keepsOutputs);

    /// <summary>Seconds of one run: how often it runs in some time on this thread.</summary>
    public double SecondsPerRun(int rows, double seconds, int length = 1)
    {
        using var run = Bind(rows, length);
        run.Execute();
        run.Execute();
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        double taken;
        do
        {
            run.Execute();
            count++;
            taken = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        while (taken < seconds);

        return taken / count;
    }

    /// <summary>Seconds of each of some runs.</summary>
    public double[] Times(int rows, int length, int count)
    {
        using var run = Bind(rows, length);
        run.Execute();
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            run.Execute();
            times[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        return times;
    }

    public void Dispose()
    {
        Session.Dispose();
        _options.Dispose();
    }
}
