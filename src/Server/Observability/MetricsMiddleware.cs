using Serving.Server.Hosting;

namespace Serving.Server.Observability;

/// <summary>Answers <c>/metrics</c> on the port for metrics and nowhere else, and nothing else there.</summary>
internal sealed class MetricsMiddleware(RequestDelegate next, Telemetry telemetry)
{
    private const string Path = "/metrics";

    public Task InvokeAsync(HttpContext context)
    {
        var roles = context.Features.Get<Listener>()?.Roles ?? ListenerRoles.None;
        var isMetrics = context.Request.Path.Equals(Path, StringComparison.Ordinal);
        if (!isMetrics && roles != ListenerRoles.Metrics)
        {
            return next(context);
        }

        if (!isMetrics || !roles.HasFlag(ListenerRoles.Metrics))
        {
            return RefuseAsync(context, StatusCodes.Status404NotFound, "Not Found");
        }

        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? ScrapeAsync(context)
            : RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }

    private Task ScrapeAsync(HttpContext context)
    {
        var families = telemetry.Exporter.Scrape();
        context.Response.ContentType = PrometheusText.ContentType;
        return context.Response.WriteAsync(PrometheusText.Write(families.Concat(TritonAliases.From(families))));
    }

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error });
    }
}
