using System.Collections.Frozen;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Grpc;

/// <summary>
/// Finds the endpoint of a gRPC call by its path, before routing does. A call's path is one of a few, and routing, which knows of
/// parameters and verbs, takes longer and more memory to say so.
/// </summary>
internal sealed class GrpcMatcher(RequestDelegate next, IEnumerable<EndpointDataSource> sources)
{
    private readonly Lazy<FrozenDictionary<string, Endpoint>> _endpoints = new(() => sources
        .SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<RpcMethod>() is not null)
        .ToFrozenDictionary(endpoint => endpoint.RoutePattern.RawText!, endpoint => (Endpoint)endpoint));

    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method)
            && CallRunner.IsGrpc(context.Request.ContentType)
            && context.Request.Path.Value is { } path
            && _endpoints.Value.TryGetValue(path, out var endpoint))
        {
            context.SetEndpoint(endpoint);
        }

        return next(context);
    }
}
