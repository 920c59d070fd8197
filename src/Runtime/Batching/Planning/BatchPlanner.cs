using System.Buffers;

namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// Decides which waiting requests run together next. A pure function of what waits, the costs and the time, so that the
/// simulator replays traffic through the very code that serves it.
/// </summary>
internal static class BatchPlanner
{
    /// <summary>Waiting requests that are looked at; more hardly lowers the cost.</summary>
    public const int Window = 1024;

    /// <summary>Places where a cut is tried; the time is the square of it, some 100 us of the largest batches.</summary>
    private const int MostPieces = 128;

    /// <inheritdoc cref="Next(ReadOnlySpan{WaitingRequest}, IRunCost, PlanLimits, double, double, Span{int})"/>
    /// <returns>Indices into <paramref name="urgent"/>, the most urgent first.</returns>
    public static int[] Next(ReadOnlySpan<WaitingRequest> urgent, IRunCost cost, PlanLimits limits, double now, double spread = 1)
    {
        var members = new int[urgent.Length];
        return members[..Next(urgent, cost, limits, now, spread, members)];
    }

    /// <summary>
    /// The next batch: the one that holds the most urgent request when the window is cut into batches at the least total
    /// cost. A batch that would miss a deadline is thinned out until it does not.
    /// </summary>
    /// <param name="urgent">What waits, at most <see cref="Window"/>, the most urgent first.</param>
    /// <param name="cost">What runs take.</param>
    /// <param name="limits">How large a batch may be; a single request that is larger runs alone.</param>
    /// <param name="now">The time, on the clock of the requests.</param>
    /// <param name="spread">Measured over predicted time that is to be reckoned with, at least 1.</param>
    /// <param name="members">Takes indices into <paramref name="urgent"/>, the most urgent first; as long as that.</param>
    /// <returns>How many.</returns>
    public static int Next(
        ReadOnlySpan<WaitingRequest> urgent, IRunCost cost, PlanLimits limits, double now, double spread, Span<int> members)
    {
        if (urgent.IsEmpty)
        {
            return 0;
        }

        var order = ArrayPool<int>.Shared.Rent(urgent.Length);
        var first = ArrayPool<int>.Shared.Rent(urgent.Length);
        var sorted = ArrayPool<WaitingRequest>.Shared.Rent(urgent.Length);
        try
        {
            Sort(urgent, order, sorted);
            var place = order.AsSpan(0, urgent.Length).IndexOf(0);
            Cut(sorted.AsSpan(0, urgent.Length), cost, limits, first);
            var last = first.AsSpan(0, urgent.Length).LastIndexOf(first[place]);
            var chosen = order.AsSpan(first[place]..(last + 1));
            chosen.Sort();
            chosen.CopyTo(members);
            return KeepDeadlines(members[..chosen.Length], urgent, cost, now, spread);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
            ArrayPool<int>.Shared.Return(first);
            ArrayPool<WaitingRequest>.Shared.Return(sorted, clearArray: true);
        }
    }

    /// <summary>
    /// How many of a batch's members, the most urgent first, can run together before the first of their deadlines, and before
    /// those of more urgent ones that stay behind and would then run one by one; at least one.
    /// </summary>
    /// <param name="members">Indices into <paramref name="requests"/>, ascending.</param>
    /// <param name="requests">What waits, the most urgent first.</param>
    /// <param name="cost">What runs take.</param>
    /// <param name="now">The time, on the clock of the requests.</param>
    /// <param name="spread">Measured over predicted time that is to be reckoned with.</param>
    public static int KeepDeadlines(ReadOnlySpan<int> members, ReadOnlySpan<WaitingRequest> requests, IRunCost cost, double now, double spread)
    {
        if (!HasDeadlines(requests[..(members[^1] + 1)]))
        {
            return members.Length;
        }

        var (rows, length, deadline) = (0, 0, double.PositiveInfinity);
        var (behind, seconds) = (0, 0.0);
        for (var count = 0; count < members.Length; count++)
        {
            for (; behind < members[count]; behind++)
            {
                ref readonly var left = ref requests[behind];
                seconds += cost.Predict(left.Rows, left.Length) * spread;
                Require(left.Deadline - seconds, cost.Predict(rows, length));
            }

            behind++;
            ref readonly var next = ref requests[members[count]];
            rows += next.Rows;
            length = Math.Max(length, next.Length);
            Require(next.Deadline, cost.Predict(next.Rows, next.Length));

            // With every further member the run is longer and the first deadline no later.
            if (count > 0 && deadline < double.PositiveInfinity && now + (cost.Predict(rows, length) * spread) > deadline)
            {
                return count;
            }
        }

        return members.Length;

        // Who would be late anyway does not hold up the others.
        void Require(double end, double run)
        {
            if (end < deadline && now + (run * spread) <= end)
            {
                deadline = end;
            }
        }
    }

    private static bool HasDeadlines(ReadOnlySpan<WaitingRequest> requests)
    {
        foreach (ref readonly var request in requests)
        {
            if (request.Deadline < double.PositiveInfinity)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc cref="Cut(ReadOnlySpan{WaitingRequest}, IRunCost, PlanLimits, Span{int})"/>
    /// <returns>For each request the index of the first of its batch.</returns>
    public static int[] Cut(ReadOnlySpan<WaitingRequest> sorted, IRunCost cost, PlanLimits limits)
    {
        var first = new int[sorted.Length];
        Cut(sorted, cost, limits, first);
        return first;
    }

    /// <summary>
    /// Cuts requests, sorted by length, into batches of neighbours at the least total cost: the shortest path over the
    /// cuts, O(n^2) in the places tried (J. Fang et al., TurboTransformers, https://arxiv.org/abs/2010.05680, algorithm 3).
    /// </summary>
    /// <param name="sorted">Requests by length.</param>
    /// <param name="cost">What runs take.</param>
    /// <param name="limits">How large a batch may be.</param>
    /// <param name="first">Takes for each request the index of the first of its batch.</param>
    public static void Cut(ReadOnlySpan<WaitingRequest> sorted, IRunCost cost, PlanLimits limits, Span<int> first)
    {
        using var pieces = new PlanPieces(sorted, limits, MostPieces);
        var least = pieces.Least;
        var from = pieces.From;
        least[0] = 0;
        for (var end = 1; end < pieces.Count; end++)
        {
            least[end] = double.PositiveInfinity;
            var length = sorted[pieces.Starts[end] - 1].Length;
            for (var start = end - 1; start >= 0; start--)
            {
                var rows = pieces.RowsBefore[end] - pieces.RowsBefore[start];
                if (start < end - 1 && !limits.Allow(rows, length))
                {
                    break;
                }

                var total = least[start] + cost.Predict(rows, length);
                if (total < least[end])
                {
                    (least[end], from[end]) = (total, start);
                }
            }
        }

        for (var end = pieces.Count - 1; end > 0; end = from[end])
        {
            first[pieces.Starts[from[end]]..pieces.Starts[end]].Fill(pieces.Starts[from[end]]);
        }
    }

    // Equal lengths keep their order: the more urgent before the less.
    private static void Sort(ReadOnlySpan<WaitingRequest> requests, Span<int> order, Span<WaitingRequest> sorted)
    {
        var keys = ArrayPool<long>.Shared.Rent(requests.Length);
        for (var i = 0; i < requests.Length; i++)
        {
            keys[i] = ((long)requests[i].Length << 32) | (uint)i;
        }

        keys.AsSpan(0, requests.Length).Sort();
        for (var i = 0; i < requests.Length; i++)
        {
            order[i] = (int)keys[i];
            sorted[i] = requests[order[i]];
        }

        ArrayPool<long>.Shared.Return(keys);
    }
}
