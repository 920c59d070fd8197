using Serving.Runtime.Inference;

namespace Serving.Runtime.Tasks;

/// <summary>
/// Runs a graph once for each row of a task's request. Each row is a request of its own to the queue, of its own length, so that
/// the planner puts it together with the rows of others that suit it best.
/// </summary>
internal static class GraphRows
{
    /// <summary>Rows under way at a time, over those that the graph runs together: the rest wait here, where they cost nothing. Arbitrary.</summary>
    private const int AheadOfRuns = 4;

    /// <summary>Answers each row, in order; the first failure of a row is that of all.</summary>
    /// <param name="call">The task's request.</param>
    /// <param name="rows">The graph's inputs for each row.</param>
    /// <param name="outputs">The outputs wanted; null for all.</param>
    /// <param name="finish">Makes a row's result of its answer, which is disposed afterwards.</param>
    public static async ValueTask<Outcome<T[]>> RunAsync<T>(
        TaskCall call, IReadOnlyList<IReadOnlyList<InputTensor>> rows, IReadOnlyList<string>? outputs, Func<int, InferenceResponse, T> finish)
    {
        var results = new T[rows.Count];
        var running = new ValueTask<Outcome<InferenceResponse>>[rows.Count];

        // Never more than may wait: a request that filled the queue by itself would be refused however often it came again.
        var most = Math.Min(Math.Max(call.MostTogether, 1) * AheadOfRuns, call.MostWaiting);
        var started = 0;
        InferenceFailure? failed = null;
        for (var i = 0; i < rows.Count && (failed is null || i < started); i++)
        {
            for (; failed is null && started < rows.Count && started < i + most; started++)
            {
                running[started] = call.RunGraphAsync(rows[started], outputs);
            }

            var outcome = await running[i].ConfigureAwait(false);
            if (!outcome.TryGetValue(out var response, out var failure))
            {
                failed ??= rows.Count == 1 ? failure : failure with { Message = $"row {i}: {failure.Message}" };
                continue;
            }

            using (response)
            {
                if (failed is null)
                {
                    results[i] = finish(i, response);
                }
            }
        }

        return failed is null ? results : failed;
    }
}
