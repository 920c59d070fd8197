using System.Collections.Immutable;

namespace Serving.Runtime.Models;

/// <summary>A model version as it is at one moment.</summary>
internal sealed record ServedVersion
{
    /// <summary>The version; empty where the model's files name none that can be read.</summary>
    public required string Version { get; init; }

    public required ModelState State { get; init; }

    public string Reason { get; init; } = "";

    public string File { get; init; } = "";

    /// <summary>The files that <see cref="Loaded"/>, or the attempt that failed, was made from.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>What answers requests; also while its successor is loading.</summary>
    public LoadedModel? Loaded { get; init; }

    public ImmutableDictionary<string, string> RefusedProviders { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>As clients and operators see it: loaded, it is still unavailable while its runs fail.</summary>
    public ServedVersion AsSeen() => Loaded?.Refusal is { } refusal ? this with { State = ModelState.Unavailable, Reason = refusal.Message } : this;
}
