using Serving.Runtime.Simulation;

namespace Serving.Server.Commands.Simulate;

/// <summary>What the command line of <c>simulate</c> asks for.</summary>
internal sealed record SimulateRequest
{
    /// <summary>A file, an address or the name of an example table.</summary>
    public string? Costs { get; init; }

    /// <summary>A model, as a name or NAME/VERSION.</summary>
    public string? Model { get; init; }

    /// <summary>A file of arrivals; null where they are made.</summary>
    public string? Trace { get; init; }

    /// <summary>The squared coefficient of variation of the gaps between made arrivals.</summary>
    public double Burstiness { get; init; } = 1;

    /// <summary>Requests a second.</summary>
    public double Rate { get; init; }

    public LengthMix Lengths { get; init; } = LengthMix.Uniform;

    /// <summary>Seconds of made arrivals.</summary>
    public double Duration { get; init; }

    /// <summary>How many times as fast the arrivals come in the second replay.</summary>
    public double Scale { get; init; }

    /// <summary>Seconds after which answers are worthless, for requests that do not say so.</summary>
    public double Deadline { get; init; }

    public required SimulationSettings Settings { get; init; }

    public bool Json { get; init; }

    /// <summary>Measures are taken instead.</summary>
    public bool Measures { get; init; }
}
