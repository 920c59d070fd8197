using Microsoft.Extensions.Options;
using Serving.Runtime;
using Serving.Server.Hosting;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V1;

/// <summary>
/// TensorFlow Serving's REST, which is KServe's V1 protocol as well, and the paths that both share with OpenAI's clients.
/// </summary>
internal static class V1Endpoints
{
    public static IEndpointRouteBuilder MapV1(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var engine = services.GetService<EngineDoor>() ?? EngineDoor.Of(services.GetRequiredService<InferenceEngine>());
        var options = services.GetRequiredService<IOptions<ServingOptions>>().Value;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;

        routes.MapGet("/", Alive);
        new ModelEndpoints(engine, time.GetUtcNow()).Map(routes);
        new MetadataEndpoint(engine).Map(routes);
        new InferenceEndpoint(engine, options, time).Map(routes);
        return routes;
    }

    /// <summary>What KServe's V1 clients ask for the server's life.</summary>
    private static Task Alive(HttpContext context)
    {
        context.Response.ContentType = MediaTypes.Json;
        return context.Response.WriteAsync("{\"status\":\"alive\"}");
    }
}
