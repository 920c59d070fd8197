using System.Collections.Immutable;
using Serving.Runtime.Configuration;

namespace Serving.Runtime.Onnx;

/// <summary>How a session is made.</summary>
internal sealed record SessionSettings
{
    /// <summary>Providers to try, in order.</summary>
    public required ImmutableArray<ProviderConfig> Providers { get; init; }

    public int IntraOpThreads { get; init; } = 1;

    public OptimizationLevel Optimization { get; init; } = OptimizationLevel.All;

    /// <summary>Absolute paths of libraries with custom operators.</summary>
    public ImmutableArray<string> CustomOps { get; init; } = [];

    public ImmutableDictionary<string, string> Entries { get; init; } = ImmutableDictionary<string, string>.Empty;
}
