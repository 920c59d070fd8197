using Serving.Server.Hosting;
using Serving.Server.Rest.V2;

namespace Serving.Server.Observability;

/// <summary>
/// Answers <c>/metrics</c> on the port for metrics and nowhere else. There, nothing else is answered but the short paths of health:
/// a probe can ask them without the certificate that clients of the models may need.
/// </summary>
internal sealed class MetricsMiddleware(RequestDelegate next, Telemetry telemetry)
{
    private const string Path = "/metrics";

    public Task InvokeAsync(HttpContext context)
    {
        var roles = context.Features.Get<Listener>()?.Roles ?? ListenerRoles.None;
        var isMetrics = context.Request.Path.Equals(Path, StringComparison.Ordinal);
        if (!isMetrics && (roles != ListenerRoles.Metrics || HealthEndpoints.IsProbe(context.Request.Path)))
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
