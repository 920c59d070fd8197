using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Statistics;

namespace Serving.Runtime.Batching;

/// <summary>
/// Runs a batch on a loaded graph: (1) copies the rows together, (2) runs the graph for the outputs that anybody wants,
/// (3) cuts each member's answer out. Where a batch of several fails, each half of it runs again, down to single members, so that one
/// bad row fails alone and what was too large for the memory runs in parts.
/// </summary>
internal sealed partial class BatchRunner
{
    private readonly OnnxSession _session;
    private readonly BatchAxes _axes;
    private readonly InputLayout _layout;
    private readonly RunCostModel _cost;
    private readonly ModelLabel _label;
    private readonly EngineMetrics _metrics;
    private readonly VersionCounters _counters;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private long _largest = long.MaxValue;

    public BatchRunner(
        OnnxSession session, BatchAxes axes, InputLayout layout, RunCostModel cost, ModelLabel label, EngineMetrics metrics, VersionCounters counters, ILogger log, TimeProvider time)
    {
        _session = session;
        _axes = axes;
        _layout = layout;
        _cost = cost;
        _label = label;
        _metrics = metrics;
        _counters = counters;
        _log = log;
        _time = time;
    }

    /// <summary>What is known of the model's outputs.</summary>
    public required FrozenDictionary<string, OutputDetails> OutputDetails { get; init; }

    /// <summary>How large a batch may be, where memory has turned out to be short for larger ones.</summary>
    public PlanLimits Restrict(PlanLimits limits) => limits with { MaxTokens = Math.Min(limits.MaxTokens, Volatile.Read(ref _largest)) };

    /// <summary>Runs a batch and answers every member, whatever happens. Who waits for an answer is told by <see cref="Batch.Deliver"/>.</summary>
    public void Run(Batch batch)
    {
        try
        {
            Run(batch, batch.Members, _time.GetTimestamp());
        }
        catch (Exception e)
        {
            // A thread of the pool must not end the process because one model's answer could not be made.
            LogUnexpected(_log, e, _label.Name, _label.Version);
            foreach (var member in batch.Members)
            {
                member.EndReading();
                Fail(member, e.Message);
            }
        }
    }

    // While members run again their memory is still held, because their inputs are read again.
    private void Run(Batch batch, ReadOnlySpan<PendingRequest> members, long formed)
    {
        if (members.IsEmpty || TryRun(batch, members, formed) is not { } reason)
        {
            return;
        }

        if (members.Length == 1)
        {
            members[0].EndReading();
            Fail(members[0], reason);
            return;
        }

        Run(batch, DropAbandoned(members[..(members.Length / 2)]), formed);
        Run(batch, DropAbandoned(members[(members.Length / 2)..]), formed);
    }

    private static ReadOnlySpan<PendingRequest> DropAbandoned(ReadOnlySpan<PendingRequest> members)
    {
        var left = new List<PendingRequest>(members.Length);
        foreach (var member in members)
        {
            if (member.IsAbandoned)
            {
                member.EndReading();
            }
            else
            {
                left.Add(member);
            }
        }

        return left.ToArray();
    }

    // Memory may be there again: twice as much is tried after some 700 runs.
    private void Grow()
    {
        var largest = Volatile.Read(ref _largest);
        if (largest < long.MaxValue / 2)
        {
            Volatile.Write(ref _largest, largest + (largest / 1024) + 1);
        }
    }

    private void Shrink(GraphException failure, ReadOnlySpan<PendingRequest> members)
    {
        if (members.Length == 1 || !failure.IsOutOfMemory)
        {
            return;
        }

        var (rows, length) = (0L, 1);
        foreach (var member in members)
        {
            rows += member.Accepted.Rows;
            length = Math.Max(length, member.Accepted.Length);
        }

        Volatile.Write(ref _largest, Math.Max(1, Math.Min(Volatile.Read(ref _largest), rows * length / 2)));
        LogOutOfMemory(_log, _label.Name, _label.Version, rows);
    }

    private void Fail(PendingRequest member, string reason) =>
        member.Refuse(InferenceFailure.BackendFailed($"model '{_label.Name}' version {_label.Version} failed: {reason}"));

    // Null where the members have been answered, else why not.
    private string? TryRun(Batch batch, ReadOnlySpan<PendingRequest> members, long formed)
    {
        BoundRun? run = null;
        try
        {
            var plan = _layout.Plan(members);
            run = _session.Rent(plan.Inputs, plan.Outputs.Distinct);
            _layout.Write(plan, members, run);

            // A lone member's inputs have been copied for good: it may leave while the graph runs.
            if (members.Length == 1 && !run.IsLent)
            {
                members[0].EndReading();
            }

            var started = _time.GetTimestamp();
            run.Execute(batch.Cancellation);
            var times = new RunTimes(formed, started, _time.GetTimestamp());
            if (!BatchOutputs.FitLengths(run, plan, _axes.Padding))
            {
                run.Dispose();
                return "an output is not as long as the lengths of the inputs lead to";
            }

            // From here on the run belongs to the answers.
            var outputs = new BatchOutputs(run, plan, _axes.Outputs, _axes.Padding, members.Length);
            run = null;
            Grow();
            Answer(batch, members, outputs, plan, times);
            return null;
        }
        catch (GraphException e)
        {
            run?.Dispose();
            Shrink(e, members);
            return e.Message;
        }
    }

    private void Answer(Batch batch, ReadOnlySpan<PendingRequest> members, BatchOutputs outputs, RunPlan plan, in RunTimes times)
    {
        foreach (var member in members)
        {
            member.EndReading();
        }

        _cost.Observe(plan.Rows, plan.Length, _time.GetElapsedTime(times.Started, times.Finished).TotalSeconds);
        _metrics.Executed(_label.Name, _label.Version, plan.Rows);
        var totals = _counters.Ran(plan.Rows, _time.GetElapsedTime(times.Formed, times.Started), _time.GetElapsedTime(times.Started, times.Finished));
        var offset = 0;
        foreach (var member in members)
        {
            try
            {
                if (member.TryAnswer(outputs, _label, OutputDetails, offset, times))
                {
                    batch.Answered(member);
                }
            }
            catch (GraphException e)
            {
                outputs.Release();
                Fail(member, e.Message);
            }

            offset += member.Accepted.Rows;
        }

        totals.AddOutput(_time.GetElapsedTime(times.Finished));
    }

    [LoggerMessage(1201, LogLevel.Warning, "Memory was short for a batch of {Rows} rows of model '{Model}' version {Version}. It runs in parts, and batches are smaller for a while.")]
    private static partial void LogOutOfMemory(ILogger log, string model, string version, long rows);

    [LoggerMessage(1200, LogLevel.Error, "A batch of model '{Model}' version {Version} failed unexpectedly.")]
    private static partial void LogUnexpected(ILogger log, Exception exception, string model, string version);
}
