using System.Runtime.CompilerServices;
using Serving.Runtime.Batching;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Runtime.Tasks;
using Serving.Runtime.Tokenization;

namespace Serving.Runtime.Models;

/// <summary>
/// A task and its graph, where it has one: some only ask other models. A request in the task's terms is answered by the task; one that names the graph's tensors goes to the graph,
/// so that a client of the raw tensors never breaks.
/// </summary>
internal sealed class LoadedTask : LoadedModel
{
    /// <summary>What a task is to Triton's clients.</summary>
    public const string TaskPlatform = "serving_task";

    private readonly ITask _task;
    private readonly LoadedGraph? _graph;
    private readonly Func<string, Outcome<ModelTarget>> _models;
    private readonly TaskAdmission _admission;

    public LoadedTask(ITask task, LoadedGraph? graph, Func<string, Outcome<ModelTarget>> models, ModelLabel label, EngineMetrics metrics, TimeProvider time)
        : base(label, new GraphSignature(task.Inputs, task.Outputs), metrics, time)
    {
        _task = task;
        _graph = graph;
        _models = models;
        _admission = new TaskAdmission(label.Name, task);
    }

    public override string Platform => TaskPlatform;

    public override TaskDetails ServedAs => _task.Details;

    public override Tokenizer? Tokenizer => _task.Tokenizer;

    public override LoadedGraph? Graph => _graph;

    public override InferenceFailure? Refusal => _graph?.Refusal ?? _task.Models.Select(Refuse).FirstOrDefault(failure => failure is not null);

    public override bool IsOut => _graph?.IsOut ?? Refusal is not null;

    /// <inheritdoc/>
    public override ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        _graph is { } graph && _admission.IsForGraph(request, graph.Signature) ? ForwardAsync(request, graph, cancellationToken) : AnswerAsync(request, cancellationToken);

    protected override Task FreeAsync()
    {
        (_task as IDisposable)?.Dispose();
        return _graph?.RetireAsync() ?? Task.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<InferenceResponse>> ForwardAsync(InferenceRequest request, LoadedGraph graph, CancellationToken cancellationToken)
    {
        graph.TryAcquire();
        try
        {
            var outcome = await graph.InferAsync(request, cancellationToken).ConfigureAwait(false);
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

        var call = new TaskCall(request, _admission.CountRows(request), settings, _graph, _models, cancellationToken);
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
        catch (AnswerTooLargeException error)
        {
            return InferenceFailure.TooLarge(error.Message);
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

    private InferenceFailure? Refuse(string model)
    {
        if (!_models(model).TryGetValue(out var target, out var failure) || !target.Acquire(null).TryGetValue(out var loaded, out failure))
        {
            return failure with { Error = InferenceError.NotReady };
        }

        var refusal = loaded.Refusal;
        loaded.Release();
        return refusal;
    }

    private static OutputTensor Find(TaskAnswer answer, string name) => answer.Outputs.First(output => output.Name == name);
}
