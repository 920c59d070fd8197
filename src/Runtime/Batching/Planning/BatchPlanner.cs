namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// Decides which waiting requests run together next. A pure function of what waits, the costs and the time, so that the
/// simulator replays traffic through the very code that serves it.
/// </summary>
internal static class BatchPlanner
{
    /// <summary>Waiting requests that are looked at; more hardly lowers the cost.</summary>
    public const int Window = 1024;

    /// <summary>Places where a cut is tried; the time is the square of it, some 30 us.</summary>
    private const int MostPieces = 64;

    /// <summary>
    /// The next batch: the one that holds the most urgent request when the window is cut into batches at the least total
    /// cost. A batch that would miss a deadline is thinned out until it does not.
    /// </summary>
    /// <param name="urgent">What waits, at most <see cref="Window"/>, the most urgent first.</param>
    /// <param name="cost">What runs take.</param>
    /// <param name="limits">How large a batch may be; a single request that is larger runs alone.</param>
    /// <param name="now">The time, on the clock of the requests.</param>
    /// <param name="spread">Measured over predicted time that is to be reckoned with, at least 1.</param>
    /// <returns>Indices into <paramref name="urgent"/>, the most urgent first.</returns>
    public static int[] Next(ReadOnlySpan<WaitingRequest> urgent, IRunCost cost, PlanLimits limits, double now, double spread = 1)
    {
        if (urgent.IsEmpty)
        {
            return [];
        }

        var order = ByLength(urgent);
        var (first, last) = CutAround(Array.IndexOf(order, 0), urgent, order, cost, limits);
        var members = order[first..(last + 1)];
        Array.Sort(members);
        return KeepDeadlines(members, urgent, cost, now, spread);
    }

    /// <summary>
    /// Cuts requests, sorted by length, into batches of neighbours at the least total cost: the shortest path over the
    /// cuts, O(n^2) in the places tried (J. Fang et al., TurboTransformers, https://arxiv.org/abs/2010.05680, algorithm 3).
    /// </summary>
    /// <returns>For each request the index of the first of its batch.</returns>
    public static int[] Cut(ReadOnlySpan<WaitingRequest> sorted, IRunCost cost, PlanLimits limits)
    {
        var pieces = Pieces(sorted, limits);
        var least = new double[pieces.Count];
        var from = new int[pieces.Count];
        for (var end = 1; end < pieces.Count; end++)
        {
            least[end] = double.PositiveInfinity;
            var length = sorted[pieces[end].Start - 1].Length;
            for (var start = end - 1; start >= 0; start--)
            {
                var rows = pieces[end].RowsBefore - pieces[start].RowsBefore;
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

        var first = new int[sorted.Length];
        for (var end = pieces.Count - 1; end > 0; end = from[end])
        {
            first.AsSpan(pieces[from[end]].Start..pieces[end].Start).Fill(pieces[from[end]].Start);
        }

        return first;
    }

    // Up to so many requests every one is a piece; beyond, pieces are as many requests as is needed, but no more than fit a batch.
    private static List<(int Start, int RowsBefore)> Pieces(ReadOnlySpan<WaitingRequest> sorted, PlanLimits limits)
    {
        var most = (sorted.Length + MostPieces - 1) / MostPieces;
        var pieces = new List<(int Start, int RowsBefore)> { (0, 0) };
        var (rows, pieceRows, count) = (0, 0, 0);
        for (var i = 0; i < sorted.Length; i++)
        {
            if (count > 0 && (count == most || !limits.Allow(pieceRows + sorted[i].Rows, sorted[i].Length)))
            {
                pieces.Add((i, rows));
                (pieceRows, count) = (0, 0);
            }

            rows += sorted[i].Rows;
            pieceRows += sorted[i].Rows;
            count++;
        }

        pieces.Add((sorted.Length, rows));
        return pieces;
    }

    private static int[] ByLength(ReadOnlySpan<WaitingRequest> requests)
    {
        var order = new int[requests.Length];
        var lengths = new int[requests.Length];
        for (var i = 0; i < order.Length; i++)
        {
            (order[i], lengths[i]) = (i, requests[i].Length);
        }

        Array.Sort(lengths, order);
        return order;
    }

    private static (int First, int Last) CutAround(
        int place, ReadOnlySpan<WaitingRequest> requests, int[] order, IRunCost cost, PlanLimits limits)
    {
        var sorted = new WaitingRequest[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            sorted[i] = requests[order[i]];
        }

        var first = Cut(sorted, cost, limits);
        return (first[place], Array.LastIndexOf(first, first[place]));
    }

    // The least urgent are sent back first; the most urgent runs whatever becomes of its deadline.
    private static int[] KeepDeadlines(int[] members, ReadOnlySpan<WaitingRequest> requests, IRunCost cost, double now, double spread)
    {
        for (var count = members.Length; count > 1; count--)
        {
            var (rows, length, deadline) = (0, 0, double.PositiveInfinity);
            foreach (var member in members.AsSpan(0, count))
            {
                rows += requests[member].Rows;
                length = Math.Max(length, requests[member].Length);

                // Who would be late alone does not hold up the others.
                if (now + (cost.Predict(requests[member].Rows, requests[member].Length) * spread) <= requests[member].Deadline)
                {
                    deadline = Math.Min(deadline, requests[member].Deadline);
                }
            }

            if (now + (cost.Predict(rows, length) * spread) <= deadline)
            {
                return members[..count];
            }
        }

        return members[..1];
    }
}
