using Serving.Runtime.Batching;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Caching;

/// <summary>
/// Answers rows that were asked before from memory, and lets several who ask the same at once wait for one run. Belongs to one loaded
/// version, so that a reload begins anew.
/// </summary>
/// <param name="maxBytes">The most memory.</param>
/// <param name="splits">Whether the rows of a request lie along the first axis of every input and output, so that they are kept one by one.</param>
/// <param name="label">Whose answers they are.</param>
/// <param name="details">What is known of the outputs.</param>
/// <param name="time">The clock.</param>
internal sealed class CachedInference(long maxBytes, bool splits, ModelLabel label, IReadOnlyDictionary<string, OutputDetails> details, TimeProvider time)
{
    private readonly RowCache _rows = new(maxBytes);
    private readonly CachePayoff _payoff = new(time);

    /// <summary>What it does now.</summary>
    public CacheDetails Details => new(_payoff.IsOn, _rows.Count, _rows.Bytes, _payoff.Hits, _payoff.Misses);

    /// <summary>Answers a request, running what is not known.</summary>
    /// <param name="request">The request; not checked yet.</param>
    /// <param name="run">Runs a request, also one with fewer rows.</param>
    /// <param name="cancellationToken">Ends the waiting for others' runs.</param>
    public async ValueTask<Outcome<InferenceResponse>> InferAsync(
        InferenceRequest request, Func<InferenceRequest, ValueTask<Outcome<InferenceResponse>>> run, CancellationToken cancellationToken)
    {
        if (!_payoff.IsOn || RowsOf(request) is not { } rows)
        {
            return await run(request).ConfigureAwait(false);
        }

        var began = time.GetTimestamp();
        var found = Array.ConvertAll(rows, row => _rows.Find(RowKey.Of(row, request.Outputs)));
        var spent = time.GetElapsedTime(began);
        int[] own = [.. Enumerable.Range(0, rows.Length).Where(i => found[i].IsNew)];
        var ran = time.GetTimestamp();
        InferenceFailure? failed = null;
        InferenceResponse? fresh = null;
        if (own.Length > 0 && !(await RunAsync(own.Length == rows.Length ? request : Part(request, rows, own), run, [.. own.Select(i => found[i].Row)]).ConfigureAwait(false))
            .TryGetValue(out fresh, out failed))
        {
            return failed;
        }

        var took = time.GetElapsedTime(ran);
        if (_payoff.Count(rows.Length - own.Length, own.Length, spent, own.Length > 0 ? took : TimeSpan.Zero))
        {
            _rows.Clear();
        }

        if (own.Length == rows.Length)
        {
            return fresh!;
        }

        fresh?.Dispose();
        return await GatherAsync(request, Array.ConvertAll(found, one => one.Row), run, began, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The inputs of each row; null where the request cannot be taken apart, and a row of its own where it need not.</summary>
    private InputTensor[][]? RowsOf(InferenceRequest request)
    {
        var inputs = request.Inputs;
        if (inputs.Count == 0 || inputs.Any(input => !IsWhole(input)))
        {
            return null;
        }

        if (!splits)
        {
            return [[.. inputs]];
        }

        var count = inputs[0].Shape.Rank == 0 ? 0 : inputs[0].Shape[0];
        if (count == 0 || inputs.Any(input => input.Shape.Rank == 0 || input.Shape[0] != count))
        {
            return null;
        }

        if (count == 1)
        {
            return [[.. inputs]];
        }

        var split = inputs.Select(input => TensorRows.Split(TensorView.Of(input))).ToList();
        return [.. Enumerable.Range(0, (int)count).Select(row => inputs.Select((input, i) => split[i][row].ToInput(input.Name)).ToArray())];
    }

    /// <summary>Whether a tensor's bytes are those of its shape; what is not is for the admission to refuse.</summary>
    private static bool IsWhole(in InputTensor input) =>
        input.Shape.TryCountElements(out var count)
        && (input.Type == ElementType.Bytes ? StringTensors.Check(input.Data, count) is null : input.Data.Length == (Int128)count * input.Type.Size());

    private static InferenceRequest Part(InferenceRequest request, InputTensor[][] rows, int[] own) => new()
    {
        ModelName = request.ModelName,
        ModelVersion = request.ModelVersion,
        Inputs = [.. request.Inputs.Select((input, i) => TensorRows.Join([.. own.Select(row => TensorView.Of(rows[row][i]))])!.Value.ToInput(input.Name))],
        Outputs = request.Outputs,
        Deadline = request.Deadline,
        Received = request.Received,
        Priority = request.Priority,
        Tenant = request.Tenant,
    };

    /// <summary>Runs rows that nobody asked before, keeps their answers, and tells those who wait for them.</summary>
    private async ValueTask<Outcome<InferenceResponse>> RunAsync(
        InferenceRequest request, Func<InferenceRequest, ValueTask<Outcome<InferenceResponse>>> run, CachedRow[] entries)
    {
        Outcome<InferenceResponse> outcome = InferenceFailure.Cancelled;
        try
        {
            outcome = await run(request).ConfigureAwait(false);
        }
        finally
        {
            if (!outcome.TryGetValue(out var response, out var failure) || Copies(response, entries.Length) is not { } copies)
            {
                foreach (var entry in entries)
                {
                    _rows.Forget(entry);
                    entry.Complete(failure ?? InferenceFailure.Cancelled);
                }
            }
            else
            {
                for (var i = 0; i < entries.Length; i++)
                {
                    entries[i].Complete(copies[i]);
                    _rows.Keep(entries[i]);
                }
            }
        }

        return outcome;
    }

    /// <summary>The outputs of each row in memory of their own; null where an output has not a row for each.</summary>
    private OutputTensor[][]? Copies(InferenceResponse response, int rows)
    {
        if (!splits || rows == 1)
        {
            return [[.. response.Outputs.Select(output => output with { Data = output.Data.ToArray() })]];
        }

        if (response.Outputs.Any(output => output.Shape.Rank == 0 || output.Shape[0] != rows))
        {
            return null;
        }

        var split = response.Outputs.Select(output => TensorRows.Split(TensorView.Of(output))).ToList();
        return [.. Enumerable.Range(0, rows).Select(row => response.Outputs.Select((output, i) =>
        {
            var tensor = split[i][row].ToOutput(output.Name);
            return tensor with { Data = tensor.Data.ToArray() };
        }).ToArray())];
    }

    private async ValueTask<Outcome<InferenceResponse>> GatherAsync(
        InferenceRequest request, CachedRow[] rows, Func<InferenceRequest, ValueTask<Outcome<InferenceResponse>>> run, long began, CancellationToken cancellationToken)
    {
        var answers = new OutputTensor[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            if (!(await WaitAsync(rows[i], request, cancellationToken).ConfigureAwait(false)).TryGetValue(out answers[i]!, out var failure))
            {
                // Who ran it may have gone away, or had less time than this request: that is no answer to this one.
                return failure.Error is InferenceError.Cancelled or InferenceError.DeadlineExceeded && !cancellationToken.IsCancellationRequested
                    ? await run(request).ConfigureAwait(false)
                    : failure;
            }
        }

        var outputs = new OutputTensor[answers[0].Length];
        for (var output = 0; output < outputs.Length; output++)
        {
            if (TensorRows.Join([.. answers.Select(answer => TensorView.Of(answer[output]))]) is not { } joined)
            {
                return await run(request).ConfigureAwait(false);
            }

            outputs[output] = (rows.Length == 1 ? TensorView.Of(answers[0][output]) : joined).ToOutput(answers[0][output].Name);
        }

        return new InferenceResponse(null)
        {
            ModelName = label.Name,
            ModelVersion = label.Version,
            Id = request.Id,
            Rows = rows.Length,
            OutputDetails = details,
            Outputs = outputs,
            Stages = new StageTimes(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, time.GetElapsedTime(request.Received == 0 ? began : request.Received)),
        };
    }

    private async ValueTask<Outcome<OutputTensor[]>> WaitAsync(CachedRow row, InferenceRequest request, CancellationToken cancellationToken)
    {
        if (row.Answer.IsCompleted)
        {
            return await row.Answer.ConfigureAwait(false);
        }

        try
        {
            return request.Deadline == 0
                ? await row.Answer.WaitAsync(cancellationToken).ConfigureAwait(false)
                : await row.Answer.WaitAsync(Left(request.Deadline), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return InferenceFailure.DeadlineExceeded;
        }
        catch (OperationCanceledException)
        {
            return InferenceFailure.Cancelled;
        }
    }

    private TimeSpan Left(long deadline)
    {
        var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
