using System.Text.Json;
using System.Text.Json.Serialization;
using Serving.Runtime.Models;

namespace Serving.Server.Rest.V2;

/// <summary>The serialiser of a model's details and costs, made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(StateConverter)])]
[JsonSerializable(typeof(IReadOnlyList<ModelDetails>))]
[JsonSerializable(typeof(ModelCosts))]
internal sealed partial class StatusJsonContext : JsonSerializerContext
{
    /// <summary>States as the repository index names them.</summary>
    internal sealed class StateConverter() : JsonStringEnumConverter<ModelState>(JsonNamingPolicy.SnakeCaseUpper);
}
