using Serving.Runtime.Configuration;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Ensembles;

/// <summary>
/// One request on its way through an ensemble. A step starts as soon as what it reads is there, so that steps that do not wait for one
/// another run side by side, each in batches with the requests of everybody else. Tensors are handed over where they lie.
/// </summary>
/// <param name="plan">The steps.</param>
/// <param name="request">The request.</param>
/// <param name="models">Finds the steps' models.</param>
/// <param name="time">The clock.</param>
internal sealed class EnsembleRun(EnsemblePlan plan, InferenceRequest request, Func<string, Outcome<ModelTarget>> models, TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, TensorView> _tensors = request.Inputs.ToDictionary(input => input.Name, input => TensorView.Of(input), StringComparer.Ordinal);
    private readonly List<InferenceResponse> _responses = [];
    private readonly Lock _lock = new();

    /// <summary>How long the steps' runs took, and how long they waited, all of them together.</summary>
    public (TimeSpan Queue, TimeSpan Infer) Steps { get; private set; }

    /// <summary>Runs the steps that the wanted outputs need. Null, or the failure of the first that failed.</summary>
    public async Task<InferenceFailure?> RunAsync(IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        var needed = plan.Needed(outputs);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Task<InferenceFailure?>[plan.Steps.Length];
        for (var i = 0; i < running.Length; i++)
        {
            running[i] = needed[i] ? RunStepAsync(i, running, stop) : Task.FromResult<InferenceFailure?>(null);
        }

        var failures = (await Task.WhenAll(running).ConfigureAwait(false)).OfType<InferenceFailure>().ToList();

        // Where one step fails the others are cancelled, which is not what the client wants to know.
        return failures.FirstOrDefault(failure => failure.Error != InferenceError.Cancelled) ?? failures.FirstOrDefault();
    }

    /// <summary>A tensor that has been made.</summary>
    public TensorView this[string tensor]
    {
        get
        {
            lock (_lock)
            {
                return _tensors[tensor];
            }
        }
    }

    /// <summary>Gives the memory of all tensors back.</summary>
    public void Dispose() => _responses.ForEach(response => response.Dispose());

    private async Task<InferenceFailure?> RunStepAsync(int index, Task<InferenceFailure?>[] running, CancellationTokenSource stop)
    {
        var step = plan.Steps[index];
        foreach (var maker in EnsemblePlan.Read(step).Select(plan.MakerOf).Where(maker => maker >= 0).Distinct())
        {
            if (await running[maker].ConfigureAwait(false) is { } before)
            {
                return before;
            }
        }

        var failure = await RunStepAsync(step, stop.Token).ConfigureAwait(false);
        if (failure is null)
        {
            return null;
        }

        await stop.CancelAsync().ConfigureAwait(false);
        return failure.Error is InferenceError.Cancelled or InferenceError.DeadlineExceeded ? failure : failure with { Message = $"step '{step.Model}': {failure.Message}" };
    }

    private async Task<InferenceFailure?> RunStepAsync(StepConfig step, CancellationToken cancellationToken)
    {
        var inputs = step.Inputs.ToDictionary(pair => pair.Key, pair => this[pair.Value]);
        if (step.When is not { } condition)
        {
            return await AskAsync(step, inputs, cancellationToken).ConfigureAwait(false) is var outcome && outcome.TryGetValue(out var made, out var failure)
                ? Keep(made.Select(one => (step.Outputs[one.Key], one.Value)))
                : outcome.Failure;
        }

        var tensor = this[condition.Tensor];
        if (RowCondition.Select(condition, tensor) is not { } rows)
        {
            return InferenceFailure.InvalidInput($"the condition's tensor '{condition.Tensor}' has the type {tensor.Type.Name()}, which cannot be compared");
        }

        if (rows.Length == 0)
        {
            return Keep(step.Otherwise.Select(other => (other.Key, this[other.Value])));
        }

        var chosen = inputs.ToDictionary(input => input.Key, input => input.Value.Shape.Rank > 0 && input.Value.Rows == tensor.Rows ? TensorRows.Select(input.Value, rows) : input.Value);
        return (await AskAsync(step, chosen, cancellationToken).ConfigureAwait(false)).TryGetValue(out var some, out var failed)
            ? Merge(step, rows, some)
            : failed;
    }

    /// <summary>What the step made stands in its rows, what was there before in the others.</summary>
    private InferenceFailure? Merge(StepConfig step, int[] rows, Dictionary<string, TensorView> made)
    {
        var merged = new List<(string, TensorView)>();
        foreach (var (output, tensor) in made)
        {
            var name = step.Outputs[output];
            var other = this[step.Otherwise[name]];
            if (TensorRows.Replace(other, rows, tensor) is not { } both)
            {
                return InferenceFailure.InvalidInput(
                    $"'{name}' is {tensor.Type.Name()} {tensor.Shape} and stands in for rows of '{step.Otherwise[name]}', {other.Type.Name()} {other.Shape}: type and shape of a row must be the same");
            }

            merged.Add((name, both));
        }

        return Keep(merged);
    }

    private InferenceFailure? Keep(IEnumerable<(string Name, TensorView Tensor)> made)
    {
        lock (_lock)
        {
            foreach (var (name, tensor) in made.ToList())
            {
                _tensors[name] = tensor;
            }
        }

        return null;
    }

    /// <summary>The step's outputs, by the model's names: of one request, or of one for each row.</summary>
    private async Task<Outcome<Dictionary<string, TensorView>>> AskAsync(StepConfig step, Dictionary<string, TensorView> inputs, CancellationToken cancellationToken)
    {
        if (step.ForEach.IsEmpty)
        {
            return await InferAsync(step, inputs, cancellationToken).ConfigureAwait(false);
        }

        var count = inputs[step.ForEach[0]].Rows;
        if (step.ForEach.FirstOrDefault(input => inputs[input].Shape.Rank == 0 || inputs[input].Rows != count) is { } odd)
        {
            return InferenceFailure.InvalidInput($"for_each: '{odd}' has the shape {inputs[odd].Shape}, where '{step.ForEach[0]}' has {count} rows");
        }

        return count == 0 ? Nothing(step) : await FanOutAsync(step, inputs, count, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Outcome<Dictionary<string, TensorView>>> FanOutAsync(StepConfig step, Dictionary<string, TensorView> inputs, int count, CancellationToken cancellationToken)
    {
        var split = step.ForEach.ToDictionary(input => input, input => TensorRows.Split(inputs[input]));
        var asked = Enumerable.Range(0, count)
            .Select(row => InferAsync(step, inputs.ToDictionary(input => input.Key, input => split.TryGetValue(input.Key, out var rows) ? rows[row] : input.Value), cancellationToken))
            .ToList();
        var answers = new List<Dictionary<string, TensorView>>();
        InferenceFailure? failed = null;
        for (var row = 0; row < count; row++)
        {
            if ((await asked[row].ConfigureAwait(false)).TryGetValue(out var answer, out var failure))
            {
                answers.Add(answer);
            }
            else
            {
                failed ??= failure with { Message = $"row {row}: {failure.Message}" };
            }
        }

        return failed is null ? Join(step, answers) : failed;
    }

    private static Outcome<Dictionary<string, TensorView>> Join(StepConfig step, List<Dictionary<string, TensorView>> answers)
    {
        var joined = new Dictionary<string, TensorView>();
        foreach (var output in step.Outputs.Keys)
        {
            if (TensorRows.Join([.. answers.Select(answer => answer[output])]) is not { } whole)
            {
                return InferenceFailure.InvalidInput($"for_each: the rows' answers '{output}' have different shapes: {string.Join(", ", answers.Select(answer => answer[output].Shape).Distinct().Take(4))}");
            }

            joined[output] = whole;
        }

        return joined;
    }

    /// <summary>The answer to no rows: every output with none.</summary>
    private Outcome<Dictionary<string, TensorView>> Nothing(StepConfig step)
    {
        if (!EnsembleModels.Describe(models, step).TryGetValue(out var signature, out var failure))
        {
            return failure;
        }

        return step.Outputs.Keys.ToDictionary(output => output, output =>
        {
            var declared = signature.Outputs.First(tensor => tensor.Name == output);
            return new TensorView(declared.Type, new TensorShape([.. declared.Shape.ToArray().Select((extent, axis) => axis == 0 || extent < 0 ? 0 : extent)]), default);
        });
    }

    private async Task<Outcome<Dictionary<string, TensorView>>> InferAsync(StepConfig step, Dictionary<string, TensorView> inputs, CancellationToken cancellationToken)
    {
        if (!models(step.Model).TryGetValue(out var target, out var failure) || !target.Acquire(step.Version).TryGetValue(out var loaded, out failure))
        {
            return failure;
        }

        var asked = new InferenceRequest
        {
            ModelName = step.Model,
            ModelVersion = step.Version,
            Inputs = [.. inputs.Select(input => input.Value.ToInput(input.Key))],
            Outputs = [.. step.Outputs.Keys],
            Parameters = step.Parameters.IsEmpty ? null : step.Parameters,
            Deadline = request.Deadline,
            Priority = request.Priority,
            Tenant = request.Tenant,
            Received = time.GetTimestamp(),
        };
        if (!(await loaded.InferAsync(asked, cancellationToken).ConfigureAwait(false)).TryGetValue(out var response, out failure))
        {
            return failure;
        }

        lock (_lock)
        {
            _responses.Add(response);
            Steps = (Steps.Queue + response.Stages.Queue, Steps.Infer + response.Stages.Infer);
        }

        return response.Outputs.ToDictionary(output => output.Name, output => TensorView.Of(output));
    }
}
