using System.Globalization;
using Serving.Runtime.Inference;

namespace Serving.Server.Tracing;

/// <summary>What REST and gRPC share of the trace extension.</summary>
internal static class TraceRules
{
    /// <summary>Null for no model and for one that the repositories have, be it ready or not.</summary>
    public static InferenceFailure? CheckModel(EngineDoor engine, string model) =>
        model.Length > 0 && engine.CheckReady(model, null) is { Error: InferenceError.NotFound } unknown ? unknown : null;

    /// <summary>The settings by their names, as texts.</summary>
    public static IEnumerable<(string Name, string Value)> Describe(TraceSettings settings) =>
    [
        (TraceChange.Level, settings.Timestamps ? TraceChange.Timestamps : TraceChange.Off),
        (TraceChange.Rate, settings.Rate.ToString(CultureInfo.InvariantCulture)),
        (TraceChange.Count, settings.Count.ToString(CultureInfo.InvariantCulture)),
        (TraceChange.LogFrequency, settings.LogFrequency.ToString(CultureInfo.InvariantCulture)),
        (TraceChange.File, settings.File),
        (TraceChange.Mode, TraceChange.TritonMode),
    ];
}
