using System.Text.Json;
using Serving.Runtime.Models;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.Json;
using Serving.Server.Rest.V1.Responses;

namespace Serving.Server.Rest.V1;

/// <summary>A model's inputs and outputs, as the signature of a TensorFlow model.</summary>
internal sealed class MetadataEndpoint(EngineDoor engine)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in V1Path.All)
        {
            routes.MapGet(path + "/metadata", GetAsync);
        }
    }

    private Task GetAsync(HttpContext context)
    {
        var path = V1Path.Of(context);
        return engine.GetMetadata(path.Model, path.Version).TryGetValue(out var metadata, out var failure)
            ? WriteAsync(context, metadata, path.Version)
            : ErrorResponse.WriteAsync(context, failure);
    }

    private static async Task WriteAsync(HttpContext context, ModelMetadata metadata, string? version)
    {
        await using var body = new JsonBody(context);
        await using (var json = new Utf8JsonWriter(body.Json, JsonText.WriterOptions))
        {
            SignatureJson.Write(json, metadata, version);
        }

        await body.FinishAsync();
    }
}
