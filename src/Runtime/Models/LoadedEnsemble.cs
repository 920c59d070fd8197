using Serving.Runtime.Batching;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Ensembles;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Models;

/// <summary>
/// Models one after the other and side by side, as one model. The steps' models are looked up for each request, so that each is
/// loaded, reloaded, batched and counted for itself; the ensemble is ready while all of them are.
/// </summary>
internal sealed class LoadedEnsemble : LoadedModel
{
    /// <summary>What an ensemble is to Triton's clients.</summary>
    public const string EnsemblePlatform = "ensemble";

    private readonly EnsemblePlan _plan;
    private readonly Func<string, Outcome<ModelTarget>> _models;
    private readonly ThreadLocal<bool> _looking = new();

    public LoadedEnsemble(EnsemblePlan plan, Func<string, Outcome<ModelTarget>> models, ModelLabel label, EngineMetrics metrics, TimeProvider time)
        : base(label, new GraphSignature([], []), metrics, time)
    {
        _plan = plan;
        _models = models;
    }

    public override string Platform => EnsemblePlatform;

    public override LoadedGraph? Graph => null;

    public override InferenceFailure? Refusal => GetSignature().Failure is { } failure ? failure with { Error = InferenceError.NotReady } : null;

    public override bool IsOut => Refusal is not null;

    public override Outcome<GraphSignature> GetSignature()
    {
        // An ensemble that is a step of itself, over others or not, would ask itself without end.
        if (_looking.Value)
        {
            return InferenceFailure.NotReady($"'{Name}' is a step of itself");
        }

        _looking.Value = true;
        try
        {
            return EnsembleModels.Describe(_plan, _models);
        }
        finally
        {
            _looking.Value = false;
        }
    }

    public override ModelConfiguration Configure() => GetSignature().TryGetValue(out var signature, out _)
        ? Configuration with
        {
            Inputs = [.. signature.Inputs.Select(tensor => new ConfiguredTensor(tensor, tensor.Shape.ToArray(), ""))],
            Outputs = [.. signature.Outputs.Select(tensor => new ConfiguredTensor(tensor, tensor.Shape.ToArray(), ""))],
        }
        : Configuration;

    /// <inheritdoc/>
    public override async ValueTask<Outcome<InferenceResponse>> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        var accepted = Time.GetTimestamp();
        var outcome = await RunAsync(request, accepted, cancellationToken).ConfigureAwait(false);
        Complete(request, accepted, outcome);
        return outcome;
    }

    protected override Task FreeAsync()
    {
        _looking.Dispose();
        return Task.CompletedTask;
    }

    private async Task<Outcome<InferenceResponse>> RunAsync(InferenceRequest request, long accepted, CancellationToken cancellationToken)
    {
        if (!GetSignature().TryGetValue(out var signature, out var failure))
        {
            return failure;
        }

        if (Check(request, signature) is { } wrong)
        {
            return wrong;
        }

        var outputs = request.Outputs is { Count: > 0 } wanted ? wanted : _plan.Outputs;
        var run = new EnsembleRun(_plan, request, _models, Time);
        failure = await run.RunAsync(outputs, cancellationToken).ConfigureAwait(false);
        if (failure is not null)
        {
            run.Dispose();
            return failure;
        }

        var total = Time.GetElapsedTime(request.Received == 0 ? accepted : request.Received);
        return new InferenceResponse(run)
        {
            ModelName = Name,
            ModelVersion = Version,
            Id = request.Id,
            Rows = request.Inputs is [var first, ..] ? TensorView.Of(first).Rows : 1,
            Outputs = [.. outputs.Select(name => run[name].ToOutput(name))],
            Stages = new StageTimes(run.Steps.Queue, TimeSpan.Zero, run.Steps.Infer, TimeSpan.Zero, total),
        };
    }

    /// <summary>Names only: types and shapes are checked by the step that reads them.</summary>
    private InferenceFailure? Check(InferenceRequest request, GraphSignature signature)
    {
        var given = request.Inputs.Select(input => input.Name).ToList();
        if (given.FirstOrDefault(name => signature.IndexOf(name) < 0) is { } unknown)
        {
            return InferenceFailure.InvalidInput($"unexpected inference input '{unknown}' for model '{Name}', an ensemble; its inputs are {string.Join(", ", _plan.Inputs)}");
        }

        if (given.Count != given.Distinct().Count())
        {
            return InferenceFailure.InvalidInput("an input is given twice");
        }

        if (_plan.Inputs.FirstOrDefault(name => !given.Contains(name)) is { } missing)
        {
            return InferenceFailure.InvalidInput($"model '{Name}' expects input '{missing}', which is missing");
        }

        return request.Outputs?.FirstOrDefault(output => !signature.HasOutput(output)) is { } odd
            ? InferenceFailure.InvalidInput($"unexpected inference output '{odd}' for model '{Name}'; its outputs are {string.Join(", ", _plan.Outputs)}")
            : null;
    }
}
