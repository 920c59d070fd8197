using Google.Protobuf;
using Serving.Server.Descriptions;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V2;

/// <summary>Triton's extensions that describe models: how they are configured, and what they have done.</summary>
internal sealed class DescriptionEndpoints(EngineDoor engine)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        // Matched before the metadata of a model that is really called so, as with Triton.
        routes.MapGet("/v2/models/stats", context => WriteStatisticsAsync(context, default));
        foreach (var path in (string[])[ModelPath.Plain, ModelPath.WithVersion])
        {
            routes.MapGet(path + "/config", GetConfigAsync);
            routes.MapGet(path + "/stats", context => WriteStatisticsAsync(context, ModelPath.Of(context)));
        }
    }

    private Task GetConfigAsync(HttpContext context)
    {
        var path = ModelPath.Of(context);
        return engine.GetConfiguration(path.Model, path.Version).TryGetValue(out var configuration, out var failure)
            ? WriteAsync(context, ModelConfigMessage.Of(configuration))
            : ErrorResponse.WriteAsync(context, failure);
    }

    private Task WriteStatisticsAsync(HttpContext context, ModelPath path) =>
        engine.GetStatistics(path.Model, path.Version).TryGetValue(out var statistics, out var failure)
            ? WriteAsync(context, StatisticsMessage.Of(statistics))
            : ErrorResponse.WriteAsync(context, failure);

    private static async Task WriteAsync(HttpContext context, IMessage message)
    {
        using var body = new PooledBufferWriter(1024);
        MessageJson.Write(body, message);
        context.Response.ContentType = MediaTypes.Json;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
