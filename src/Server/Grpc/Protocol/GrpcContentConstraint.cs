namespace Serving.Server.Grpc.Protocol;

/// <summary>Lets a route match requests of gRPC only, so that paths that no method has stay free for other protocols.</summary>
internal sealed class GrpcContentConstraint : IRouteConstraint
{
    /// <summary>The constraint's name in route patterns.</summary>
    public const string Name = "grpc";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null && HttpMethods.IsPost(httpContext.Request.Method) && CallRunner.IsGrpc(httpContext.Request.ContentType);
}
