using Microsoft.Extensions.Logging;
using Serving.Runtime.Batching.Padding;
using Serving.Runtime.Batching.Planning;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Onnx;
using Serving.Runtime.Statistics;

namespace Serving.Runtime.Batching;

/// <summary>
/// Runs a batch on a loaded graph: (1) copies the rows together, (2) runs the graph for the outputs that anybody wants,
/// (3) cuts each member's answer out. Where a batch of several fails, each member runs again by itself, so that one
/// bad row fails alone.
/// </summary>
internal sealed partial class BatchRunner
{
    private readonly OnnxSession _session;
    private readonly BatchAxes _axes;
    private readonly int[] _inputAxes;
    private readonly RunCostModel _cost;
    private readonly ModelLabel _label;
    private readonly EngineMetrics _metrics;
    private readonly VersionCounters _counters;
    private readonly ILogger _log;
    private readonly TimeProvider _time;

    public BatchRunner(
        OnnxSession session, BatchAxes axes, int[] inputAxes, RunCostModel cost, ModelLabel label, EngineMetrics metrics, VersionCounters counters, ILogger log, TimeProvider time)
    {
        _session = session;
        _axes = axes;
        _inputAxes = inputAxes;
        _cost = cost;
        _label = label;
        _metrics = metrics;
        _counters = counters;
        _log = log;
        _time = time;
    }

    /// <summary>Runs a batch and answers every member, whatever happens.</summary>
    public void Run(Batch batch)
    {
        try
        {
            RunMembers(batch);
        }
        catch (Exception e)
        {
            // A thread of the pool must not end the process because one model's answer could not be made.
            LogUnexpected(_log, e, _label.Name, _label.Version);
            Release(batch.Members);
            Fail(batch.Members, InferenceFailure.BackendFailed($"model '{_label.Name}' version {_label.Version} failed: {e.Message}"));
        }
    }

    private void RunMembers(Batch batch)
    {
        var formed = _time.GetTimestamp();
        using var inputs = BatchInputs.Gather(batch.Members, _inputAxes, _axes.Padding);
        if (TryRun(batch.Members, inputs, batch.Cancellation, formed, out var reason))
        {
            return;
        }

        if (batch.Members.Count > 1)
        {
            inputs.Dispose();
            RunEach(batch, formed);
            return;
        }

        Release(batch.Members);
        Fail(batch.Members, InferenceFailure.BackendFailed($"model '{_label.Name}' version {_label.Version} failed: {reason}"));
    }

    private static void Release(List<PendingRequest> members) => members.ForEach(static member => member.EndReading());

    private static void Fail(List<PendingRequest> members, InferenceFailure failure)
    {
        foreach (var member in members)
        {
            member.Answer(failure);
        }
    }

    // The members' own memory is still held, because their inputs are read again.
    private void RunEach(Batch batch, long formed)
    {
        foreach (var member in batch.Members)
        {
            if (member.IsAbandoned)
            {
                member.EndReading();
                continue;
            }

            List<PendingRequest> alone = [member];
            using var inputs = BatchInputs.Gather(alone, _inputAxes, _axes.Padding);
            if (!TryRun(alone, inputs, new RunCancellation(), formed, out var reason))
            {
                Release(alone);
                Fail(alone, InferenceFailure.BackendFailed($"model '{_label.Name}' version {_label.Version} failed: {reason}"));
            }
        }
    }

    private bool TryRun(List<PendingRequest> members, BatchInputs inputs, RunCancellation cancellation, long formed, out string? reason)
    {
        var wanted = WantedOutputs(members);
        var rows = members.Sum(static member => member.Accepted.Rows);

        // A lone member's inputs have been copied for good: it may leave while the graph runs.
        if (members.Count == 1)
        {
            Release(members);
        }

        var started = _time.GetTimestamp();
        try
        {
            var outputs = new BatchOutputs(wanted, _session.Run(inputs.ToArray(), wanted, cancellation), rows, members.Count);
            var finished = _time.GetTimestamp();
            if (inputs.PaddedTo is { } lengths && !outputs.FitLengths(_axes.Padding!, lengths))
            {
                outputs.Dispose();
                reason = "an output is not as long as the lengths of the inputs lead to";
                return false;
            }

            Release(members);
            _cost.Observe(rows, inputs.Length, _time.GetElapsedTime(started, finished).TotalSeconds);
            _metrics.Executed(_label.Name, _label.Version, rows);
            var totals = _counters.Ran(rows, _time.GetElapsedTime(formed, started), _time.GetElapsedTime(started, finished));
            Answer(members, outputs, inputs.PaddedTo is null ? null : _axes.Padding, new RunTimes(formed, started, finished));
            totals.AddOutput(_time.GetElapsedTime(finished));
            reason = null;
            return true;
        }
        catch (GraphException e)
        {
            reason = e.Message;
            return false;
        }
    }

    private void Answer(List<PendingRequest> members, BatchOutputs outputs, PaddingPlan? padding, RunTimes times)
    {
        var axes = members.Count > 1 ? _axes.Outputs : null;
        var offset = 0;
        foreach (var member in members)
        {
            var accepted = member.Accepted;
            try
            {
                var (tensors, owner) = outputs.Cut(accepted.Outputs, axes, padding, offset, accepted);
                var stages = times.ToStages(member.Enqueued, accepted.Request.Received, _time);
                var response = new InferenceResponse(owner)
                {
                    ModelName = _label.Name,
                    ModelVersion = _label.Version,
                    Id = accepted.Request.Id,
                    Rows = accepted.Rows,
                    Outputs = tensors,
                    Stages = stages,
                };
                member.Answer(response);
            }
            catch (GraphException e)
            {
                outputs.Release();
                member.Answer(InferenceFailure.BackendFailed(e.Message));
            }

            offset += accepted.Rows;
        }
    }

    private static IReadOnlyList<string> WantedOutputs(List<PendingRequest> members)
    {
        if (members.Count == 1)
        {
            return [.. members[0].Accepted.Outputs.Distinct()];
        }

        var wanted = new List<string>();
        foreach (var member in members)
        {
            foreach (var output in member.Accepted.Outputs)
            {
                if (!wanted.Contains(output))
                {
                    wanted.Add(output);
                }
            }
        }

        return wanted;
    }

    [LoggerMessage(1200, LogLevel.Error, "A batch of model '{Model}' version {Version} failed unexpectedly.")]
    private static partial void LogUnexpected(ILogger log, Exception exception, string model, string version);
}
