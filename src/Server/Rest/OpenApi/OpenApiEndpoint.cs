using System.Text.Json;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.OpenApi;

/// <summary><c>GET /openapi.json</c>: the routes as they are mapped and the models as they are loaded, described for tools.</summary>
internal sealed class OpenApiEndpoint(EngineDoor engine)
{
    public const string Path = "/openapi.json";

    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet(Path, context => WriteAsync(context, new OpenApiDocument(engine, [.. routes.DataSources.SelectMany(source => source.Endpoints)])));

    private static Task WriteAsync(HttpContext context, OpenApiDocument document)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(document.ToJson(), OpenApiJsonContext.Default.JsonObject);
        context.Response.ContentType = MediaTypes.Json;
        context.Response.ContentLength = body.Length;
        return context.Response.BodyWriter.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
