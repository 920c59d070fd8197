using Serving.Runtime.Simulation;

namespace Serving.Server.Commands.Simulate;

/// <summary>What became of the arrivals at one speed, as it is printed.</summary>
internal sealed record SimulateResult
{
    public required double Scale { get; init; }

    /// <summary>Requests a second.</summary>
    public required double Rate { get; init; }

    public required int Offered { get; init; }

    public required int Answered { get; init; }

    public required int OnTime { get; init; }

    public required int Late { get; init; }

    /// <summary>Refused when they came, by reason.</summary>
    public required IReadOnlyDictionary<string, int> Refused { get; init; }

    /// <summary>Let in and given up, by reason.</summary>
    public required IReadOnlyDictionary<string, int> GivenUp { get; init; }

    /// <summary>Percentiles of the answers' times in milliseconds.</summary>
    public required double P50Ms { get; init; }

    public required double P90Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double MaxMs { get; init; }

    public required double MeanBatchRows { get; init; }

    public required double PaddingWaste { get; init; }

    public required double Utilisation { get; init; }

    /// <summary>Seconds that were simulated.</summary>
    public required double Seconds { get; init; }

    /// <summary>Simulated over real time.</summary>
    public required double Speed { get; init; }

    public static SimulateResult Of(double scale, SimulationReport report, double rate, TimeSpan took) => new()
    {
        Scale = scale,
        Rate = rate,
        Offered = report.Offered,
        Answered = report.Answered,
        OnTime = report.OnTime,
        Late = report.Late,
        Refused = report.Refused,
        GivenUp = report.GivenUp,
        P50Ms = report.Percentile(0.5) * 1000,
        P90Ms = report.Percentile(0.9) * 1000,
        P99Ms = report.Percentile(0.99) * 1000,
        MaxMs = report.Percentile(1) * 1000,
        MeanBatchRows = report.MeanRows,
        PaddingWaste = report.PaddingWaste,
        Utilisation = report.Utilisation,
        Seconds = report.Duration,
        Speed = report.Duration / took.TotalSeconds,
    };
}
