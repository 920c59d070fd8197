namespace Serving.Runtime.Tests.Batching.Simulation;

/// <summary>What became of a trace.</summary>
internal sealed record SimulationResult
{
    public required int Answered { get; init; }

    /// <summary>Refused or given up, because they would have been late.</summary>
    public required int Refused { get; init; }

    /// <summary>Answered after their deadline.</summary>
    public required int Late { get; init; }

    public required int Runs { get; init; }

    /// <summary>Answered requests' times from arrival to answer in seconds, ascending.</summary>
    public required double[] Latencies { get; init; }

    /// <summary>Computed tokens that were padding, of all computed.</summary>
    public required double PaddingWaste { get; init; }

    /// <summary>The part of the time that the lanes were busy.</summary>
    public required double Utilisation { get; init; }

    /// <summary>Seconds from the first arrival to the last answer.</summary>
    public required double Duration { get; init; }

    /// <summary>Answered in time, a second.</summary>
    public double Goodput => (Answered - Late) / Duration;

    /// <summary>A percentile of the latencies, 0 to 1.</summary>
    public double Percentile(double part) =>
        Latencies.Length == 0 ? 0 : Latencies[Math.Min((int)(part * Latencies.Length), Latencies.Length - 1)];
}
