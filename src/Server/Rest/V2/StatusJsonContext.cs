using System.Text.Json;
using System.Text.Json.Serialization;
using Serving.Runtime.Models;
using Serving.Server.Commands.Inspect;

namespace Serving.Server.Rest.V2;

/// <summary>The serialiser of a model's details and costs, as the status and 'inspect' show them, made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(StateConverter), typeof(ModeConverter)])]
[JsonSerializable(typeof(IReadOnlyList<ModelDetails>))]
[JsonSerializable(typeof(ModelCosts))]
[JsonSerializable(typeof(IReadOnlyList<Inspection>))]
internal sealed partial class StatusJsonContext : JsonSerializerContext
{
    /// <summary>States as the repository index names them.</summary>
    internal sealed class StateConverter() : JsonStringEnumConverter<ModelState>(JsonNamingPolicy.SnakeCaseUpper);

    /// <summary>Modes of batching: <c>none</c>, <c>equal_shapes</c>, <c>padded</c>.</summary>
    internal sealed class ModeConverter() : JsonStringEnumConverter<BatchingMode>(JsonNamingPolicy.SnakeCaseLower);
}
