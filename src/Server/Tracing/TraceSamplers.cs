using System.Collections.Frozen;

namespace Serving.Server.Tracing;

/// <summary>The samplers in effect at one time; never changed, only replaced.</summary>
/// <param name="Server">Of every model that has none of its own.</param>
/// <param name="Models">By model, without regard to case.</param>
internal sealed record TraceSamplers(TraceSampler Server, FrozenDictionary<string, TraceSampler> Models)
{
    public bool AnyOn => Server.Settings.Timestamps || Models.Values.Any(sampler => sampler.Settings.Timestamps);

    public TraceSampler Of(string model) => Models.GetValueOrDefault(model, Server);
}
