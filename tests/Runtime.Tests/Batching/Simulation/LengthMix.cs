namespace Serving.Runtime.Tests.Batching.Simulation;

/// <summary>Distributions of lengths that requests of texts have.</summary>
internal sealed record LengthMix(string Name, Func<Random, int> Draw)
{
    /// <summary>26 to 128, all alike.</summary>
    public static LengthMix Uniform { get; } = new("uniform", random => random.Next(26, 129));

    /// <summary>A median of 24 with a long tail, cut to 4 to 256.</summary>
    public static LengthMix LogNormal { get; } = new(
        "lognormal", random => Math.Clamp((int)Math.Round(24 * Math.Exp(0.8 * Normal(random))), 4, 256));

    /// <summary>Four in five of 8 to 24, the fifth of 160 to 256: questions and documents.</summary>
    public static LengthMix Bimodal { get; } = new(
        "bimodal", random => random.NextDouble() < 0.8 ? random.Next(8, 25) : random.Next(160, 257));

    public static IReadOnlyList<LengthMix> All { get; } = [Uniform, LogNormal, Bimodal];

    // G. E. P. Box, M. E. Muller, A Note on the Generation of Random Normal Deviates, 1958.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
