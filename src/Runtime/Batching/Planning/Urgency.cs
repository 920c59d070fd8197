namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// The order in which requests are served: earliest deadline first. Everything has a deadline for that, so that nothing is
/// overtaken for ever; priorities move it. Seconds, all arbitrary but for their order.
/// </summary>
internal static class Urgency
{
    /// <summary>A request that names no deadline is ordered as if it had this long.</summary>
    public const double Patience = 1;

    /// <summary>A later deadline is ordered as if it were this long after the arrival.</summary>
    public const double LongestPatience = 10;

    /// <summary>A step of priority is worth this much: the more urgent goes first unless it came this much later.</summary>
    public const double PriorityStep = 1;

    /// <summary>The priority of a request that names none.</summary>
    public const int DefaultPriority = 2;

    /// <summary>Larger numbers of priorities are as good as this.</summary>
    public const int LeastPriority = 10;

    /// <summary>When a request should be answered; infinity where nobody says.</summary>
    public static double Due(in WaitingRequest request, double objective) =>
        request.IsPart ? request.Deadline : Math.Min(request.Deadline, request.Arrived + objective);

    /// <summary>What is served first has the smallest; a time of the planner's clock.</summary>
    public static double Key(in WaitingRequest request, double objective)
    {
        var due = Due(request, objective);
        var patience = double.IsPositiveInfinity(due) ? Patience : Math.Min(due - request.Arrived, LongestPatience);
        var priority = request.Priority <= 0 ? DefaultPriority : Math.Min(request.Priority, LeastPriority);
        return request.Arrived + patience + ((priority - DefaultPriority) * PriorityStep);
    }
}
