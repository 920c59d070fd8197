using System.Runtime.CompilerServices;
using Serving.Runtime.Batching;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Models;

/// <summary>
/// A task and its graph. A request in the task's terms is answered by the task; one that names the graph's tensors goes to the graph,
/// so that a client of the raw tensors never breaks.
/// </summary>
internal sealed class LoadedTask : LoadedModel
{
    /// <summary>What a task is to Triton's clients.</summary>
    public const string TaskPlatform = "serving_task";

    private readonly ITask _task;
    private readonly LoadedGraph _graph;
    private readonly TaskAdmission _admission;

    public LoadedTask(ITask task, LoadedGraph graph, ModelLabel label, EngineMetrics metrics, TimeProvider time)
        : base(label, new GraphSignature(task.Inputs, task.Outputs), metrics, time)
    {
        _task = task;
        _graph = graph;
        _admission = new TaskAdmission(label.Name, task);
    }

    public override string Platform => TaskPlatform;

    public override TaskDetails ServedAs => _task.Details;

    public override LoadedGraph Graph => _graph;

    public override InferenceFailure? Refusal => _graph.Refusal;

    public override bool IsOut => _graph.IsOut;

    /// <inheritdoc/>
    public override ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        _admission.IsForGraph(request, _graph.Signature) ? ForwardAsync(request, cancellationToken) : AnswerAsync(request, cancellationToken);

    protected override Task FreeAsync()
    {
        (_task as IDisposable)?.Dispose();
        return _graph.RetireAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<InferenceResponse>> ForwardAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        _graph.TryAcquire();
        try
        {
            var outcome = await _graph.InferAsync(request, cancellationToken).ConfigureAwait(false);
            if (outcome.TryGetValue(out var response, out _))
            {
                // Clients compare it with the name that they asked for.
                response.ModelName = Name;
            }

            return outcome;
        }
        finally
        {
            Release();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<InferenceResponse>> AnswerAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        var accepted = Time.GetTimestamp();
        var outcome = await RunAsync(request, accepted, cancellationToken).ConfigureAwait(false);
        Complete(request, accepted, outcome);
        return outcome;
    }

    private async ValueTask<Outcome<InferenceResponse>> RunAsync(InferenceRequest request, long accepted, CancellationToken cancellationToken)
    {
        if (!_admission.Accept(request).TryGetValue(out var settings, out var failure))
        {
            return failure;
        }

        var call = new TaskCall(request, _admission.CountRows(request), settings, _graph, cancellationToken);
        try
        {
            return (await _task.RunAsync(call).ConfigureAwait(false)).TryGetValue(out var answer, out failure)
                ? Respond(request, call, answer, accepted)
                : failure;
        }
        catch (TokenizationException error)
        {
            return InferenceFailure.InvalidInput(error.Message);
        }
    }

    private InferenceResponse Respond(InferenceRequest request, TaskCall call, TaskAnswer answer, long accepted)
    {
        var own = Time.GetElapsedTime(accepted) - call.Graph.Queue - call.Graph.Infer;
        return new InferenceResponse(answer)
        {
            ModelName = Name,
            ModelVersion = Version,
            Id = request.Id,
            Rows = call.Rows,
            Outputs = request.Outputs is { Count: > 0 } wanted ? [.. wanted.Select(name => Find(answer, name))] : answer.Outputs,
            Stages = new StageTimes(
                call.Graph.Queue, own > TimeSpan.Zero ? own : TimeSpan.Zero, call.Graph.Infer, TimeSpan.Zero, Time.GetElapsedTime(request.Received == 0 ? accepted : request.Received)),
        };
    }

    private static OutputTensor Find(TaskAnswer answer, string name) => answer.Outputs.First(output => output.Name == name);
}
