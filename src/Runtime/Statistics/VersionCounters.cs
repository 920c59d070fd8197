using System.Collections.Concurrent;
using System.Numerics;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Statistics;

/// <summary>
/// Counts what a loaded model version does. Requests and runs add without a lock. What is read at any moment agrees with itself: each count
/// is kept once, and those that must be equal or sums of one another are made from it. The times may be ahead of the counts by requests
/// that are being added.
/// </summary>
/// <param name="time">Says when the last run ended.</param>
internal sealed class VersionCounters(TimeProvider time)
{
    /// <summary>
    /// How many numbers of rows are told apart. Batches have few; requests that must run alone have as many as clients think of, and beyond
    /// this they are counted under the next power of two. Arbitrary.
    /// </summary>
    private const int MostSizes = 4096;

    private readonly ConcurrentDictionary<int, RunTotals> _runs = [];
    private long _succeeded;
    private long _failed;
    private long _total;
    private long _failure;
    private long _queue;
    private long _input;
    private long _infer;
    private long _output;
    private long _lastInference;
    private int _sizes;

    /// <summary>A request was answered with a result.</summary>
    public void Succeeded(in StageTimes stages)
    {
        Interlocked.Add(ref _total, stages.Total.Ticks);
        Interlocked.Add(ref _queue, stages.Queue.Ticks);
        Interlocked.Add(ref _input, stages.Input.Ticks);
        Interlocked.Add(ref _infer, stages.Infer.Ticks);
        Interlocked.Add(ref _output, stages.Output.Ticks);

        // Last, so that whoever reads the count finds the times of all that it counts.
        Interlocked.Increment(ref _succeeded);
    }

    /// <summary>A request failed.</summary>
    public void Failed(TimeSpan duration)
    {
        Interlocked.Add(ref _failure, duration.Ticks);
        Interlocked.Increment(ref _failed);
    }

    /// <summary>The graph was run; called before anybody learns of the answers, so that who has one finds its run counted.</summary>
    public RunTotals Ran(int rows, TimeSpan input, TimeSpan infer)
    {
        if (!_runs.TryGetValue(rows, out var totals))
        {
            var size = Volatile.Read(ref _sizes) < MostSizes ? rows : (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)rows), int.MaxValue);
            totals = _runs.GetOrAdd(size, _ => Distinct());
        }

        Volatile.Write(ref _lastInference, time.GetUtcNow().UtcTicks);
        totals.Add(input, infer);
        return totals;
    }

    public ModelStatistics Read(string name, string version)
    {
        var succeeded = Interlocked.Read(ref _succeeded);
        var failed = Interlocked.Read(ref _failed);
        var last = Volatile.Read(ref _lastInference);
        return new ModelStatistics(name, version)
        {
            LastInference = last == 0 ? null : new DateTimeOffset(last, TimeSpan.Zero),
            Success = Total(succeeded, ref _total),
            Failure = Total(failed, ref _failure),
            Queue = Total(succeeded, ref _queue),
            Input = Total(succeeded, ref _input),
            Infer = Total(succeeded, ref _infer),
            Output = Total(succeeded, ref _output),

            // The dictionary's own copy: LINQ's takes its size and its content one after the other.
            Batches = [.. _runs.ToArray().OrderBy(run => run.Key).Select(run => run.Value.Read(run.Key)).Where(batch => batch.Runs > 0)],
        };
    }

    private RunTotals Distinct()
    {
        Interlocked.Increment(ref _sizes);
        return new RunTotals();
    }

    private static DurationTotal Total(long count, ref long ticks) => new(count, new TimeSpan(Interlocked.Read(ref ticks)));
}
