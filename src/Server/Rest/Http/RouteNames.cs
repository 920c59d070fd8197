namespace Serving.Server.Rest.Http;

/// <summary>Names in a path.</summary>
internal static class RouteNames
{
    /// <summary>The name that stands there, unquoted; null where the route has none. Kestrel unquotes everything but slashes.</summary>
    public static string? Find(HttpContext context, string parameter) =>
        (context.GetRouteValue(parameter) as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
