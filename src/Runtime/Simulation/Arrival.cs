namespace Serving.Runtime.Simulation;

/// <summary>A request of a trace.</summary>
/// <param name="At">When it comes, in seconds from the trace's start.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Length">The length of each; 1 for a model without lengths.</param>
/// <param name="Deadline">Seconds after its arrival from which its answer is worthless; infinity for never.</param>
public readonly record struct Arrival(double At, int Rows, int Length, double Deadline = double.PositiveInfinity)
{
    /// <summary>1 is the most urgent; 0 for the default.</summary>
    public int Priority { get; init; }

    /// <summary>For whom it is; null where nobody says.</summary>
    public string? Tenant { get; init; }
}
