using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Serving.Server.Rest.OpenApi;

/// <summary>Reads the schemas and writes the document.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class OpenApiJsonContext : JsonSerializerContext;
