namespace Serving.Runtime.Simulation;

/// <summary>What became of a trace. Times in seconds.</summary>
public sealed record SimulationReport
{
    /// <summary>Requests of the trace.</summary>
    public required int Offered { get; init; }

    /// <summary>Answered, in time or not.</summary>
    public int Answered => Latencies.Count;

    /// <summary>Answered after their deadline.</summary>
    public required int Late { get; init; }

    public int OnTime => Answered - Late;

    /// <summary>Refused when they came, by reason.</summary>
    public required IReadOnlyDictionary<string, int> Refused { get; init; }

    /// <summary>Let in, but given up before they ran, by reason.</summary>
    public required IReadOnlyDictionary<string, int> GivenUp { get; init; }

    public required int Runs { get; init; }

    /// <summary>Rows of an average run.</summary>
    public required double MeanRows { get; init; }

    /// <summary>Answered requests' times from arrival to answer, ascending.</summary>
    public required IReadOnlyList<double> Latencies { get; init; }

    /// <summary>Computed tokens that were padding, of all computed.</summary>
    public required double PaddingWaste { get; init; }

    /// <summary>The part of the time that the workers were busy.</summary>
    public required double Utilisation { get; init; }

    /// <summary>Seconds from the first arrival to the last answer.</summary>
    public required double Duration { get; init; }

    /// <summary>Answered in time, a second.</summary>
    public double OnTimePerSecond => Duration > 0 ? OnTime / Duration : 0;

    /// <summary>What was let in and not answered in time, of all that was let in.</summary>
    public double BrokenPromises
    {
        get
        {
            var broken = Late + GivenUp.Values.Sum();
            var admitted = Offered - Refused.Values.Sum();
            return admitted > 0 ? (double)broken / admitted : 0;
        }
    }

    /// <summary>A percentile of the latencies; 0 where nothing was answered.</summary>
    /// <param name="part">0 to 1.</param>
    public double Percentile(double part) =>
        Latencies.Count == 0 ? 0 : Latencies[Math.Min((int)(part * Latencies.Count), Latencies.Count - 1)];
}
