namespace Serving.Runtime.Batching.Planning;

/// <summary>What the planner knows of a request that waits.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Length">The length of each; 1 for a model without lengths.</param>
/// <param name="Arrived">When it came, in seconds of the planner's clock.</param>
/// <param name="Deadline">When its answer becomes worthless; infinity for never.</param>
internal readonly record struct WaitingRequest(int Rows, int Length, double Arrived, double Deadline = double.PositiveInfinity)
{
    /// <summary>1 is the most urgent; 0 for the default.</summary>
    public int Priority { get; init; }

    /// <summary>For whom it is; null where nobody says.</summary>
    public string? Tenant { get; init; }

    /// <summary>A part of a larger request, to which the model's objective does not apply.</summary>
    public bool IsPart { get; init; }
}
