using System.Text.Json.Serialization;
using Serving.Runtime.Simulation;

namespace Serving.Server.Commands.Simulate;

/// <summary>The serialiser of what is printed with <c>--json</c>, made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<SimulateResult>))]
[JsonSerializable(typeof(IReadOnlyList<MeasuredValue>))]
internal sealed partial class SimulateJsonContext : JsonSerializerContext;
