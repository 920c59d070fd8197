using Serving.Contracts.Rest;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Hosting;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V2;

/// <summary>What the server and its models are.</summary>
internal sealed class MetadataEndpoints(EngineDoor engine, ServingOptions options)
{
    private readonly ServerMetadataBody _server = new(
        options.ServerName, ProductInfo.Version, ServerExtensions.Of(options));

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2", context => WriteAsync(context, _server));
        routes.MapGet("/v2/models", List);
        foreach (var path in (string[])[ModelPath.Plain, ModelPath.WithVersion])
        {
            routes.MapGet(path, GetMetadata);
            routes.MapGet(path + "/ready", GetReady);
            routes.MapGet(path + "/status", GetStatus);
            routes.MapGet(path + "/costs", GetCosts);
        }
    }

    private static Task WriteAsync(HttpContext context, ServerMetadataBody body) =>
        context.Response.WriteAsJsonAsync(body, RestJsonContext.Default.ServerMetadataBody, MediaTypes.Json);

    /// <summary>The models that are ready, as KServe lists them; the repository index has all, with their states.</summary>
    private Task List(HttpContext context)
    {
        string[] names = [.. engine.GetIndex(true).Select(model => model.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
        return context.Response.WriteAsJsonAsync(new ModelNamesBody(names), RestJsonContext.Default.ModelNamesBody, MediaTypes.Json);
    }

    private Task GetMetadata(HttpContext context)
    {
        var path = ModelPath.Of(context);
        return engine.GetMetadata(path.Model, path.Version).TryGetValue(out var metadata, out var failure)
            ? context.Response.WriteAsJsonAsync(ToBody(metadata), RestJsonContext.Default.ModelMetadataBody, MediaTypes.Json)
            : ErrorResponse.WriteAsync(context, failure);
    }

    private Task GetReady(HttpContext context)
    {
        var path = ModelPath.Of(context);
        return engine.CheckReady(path.Model, path.Version) switch
        {
            null => context.Response.WriteAsJsonAsync(
                new ModelReadyBody(path.Model, true), RestJsonContext.Default.ModelReadyBody, MediaTypes.Json),
            { Error: InferenceError.NotFound } unknown => ErrorResponse.WriteAsync(context, unknown),

            // Triton's status for a model that is known and not ready, unlike that of an inference on it.
            var failure => ErrorResponse.WriteAsync(context, StatusCodes.Status400BadRequest, failure.Message),
        };
    }

    private Task GetStatus(HttpContext context)
    {
        var path = ModelPath.Of(context);
        return engine.GetDetails(path.Model, path.Version).TryGetValue(out var details, out var failure)
            ? context.Response.WriteAsJsonAsync(details, StatusJsonContext.Default.IReadOnlyListModelDetails, MediaTypes.Json)
            : ErrorResponse.WriteAsync(context, failure);
    }

    private Task GetCosts(HttpContext context)
    {
        var path = ModelPath.Of(context);
        return engine.GetCosts(path.Model, path.Version).TryGetValue(out var costs, out var failure)
            ? context.Response.WriteAsJsonAsync(costs, StatusJsonContext.Default.ModelCosts, MediaTypes.Json)
            : ErrorResponse.WriteAsync(context, failure);
    }

    private static ModelMetadataBody ToBody(ModelMetadata metadata) => new(
        metadata.Name, metadata.Versions, metadata.Platform, [.. metadata.Inputs.Select(ToBody)], [.. metadata.Outputs.Select(ToBody)]);

    private static TensorMetadataBody ToBody(TensorSignature tensor) => new(tensor.Name, tensor.Type.Name(), tensor.Shape.ToArray());
}
