using System.Text.Json.Serialization;

namespace Serving.Contracts.Rest;

/// <summary>The REST bodies' serialisers, made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerMetadataBody))]
[JsonSerializable(typeof(ModelMetadataBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ModelReadyBody))]
[JsonSerializable(typeof(IReadOnlyList<IndexEntryBody>))]
[JsonSerializable(typeof(IReadOnlyList<SystemRegionBody>))]
public sealed partial class RestJsonContext : JsonSerializerContext;
