using Serving.Contracts.Rest;
using Serving.Server.Health;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V2;

/// <summary>Whether the server is alive and ready: Open Inference Protocol and, for Kubernetes, the usual short paths.</summary>
internal sealed class HealthEndpoints(EngineDoor engine, DrainState drain)
{
    private const string ProbeLive = "/livez";
    private const string ProbeReady = "/readyz";

    /// <summary>Whether a path is one of those that Kubernetes' probes usually ask.</summary>
    public static bool IsProbe(PathString path) =>
        path.Equals(ProbeLive, StringComparison.Ordinal) || path.Equals(ProbeReady, StringComparison.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v2/health/live", Live);
        routes.MapGet(ProbeLive, Live);
        routes.MapGet("/v2/health/ready", context => Ready(context, StatusCodes.Status400BadRequest));
        routes.MapGet("/health", context => Ready(context, StatusCodes.Status503ServiceUnavailable));
        routes.MapGet(ProbeReady, context => Ready(context, StatusCodes.Status503ServiceUnavailable));
    }

    private static Task Live(HttpContext context) =>
        context.Response.WriteAsJsonAsync(new HealthBody(true, true), RestJsonContext.Default.HealthBody, MediaTypes.Json);

    private Task Ready(HttpContext context, int notReadyStatus)
    {
        var reason = drain.IsDraining ? "the server is shutting down"
            : engine.IsReady() ? null
            : "the server is not ready: models are still being loaded, or could not be";
        return reason is null
            ? context.Response.WriteAsJsonAsync(new HealthBody(true, true), RestJsonContext.Default.HealthBody, MediaTypes.Json)
            : ErrorResponse.WriteAsync(context, notReadyStatus, reason);
    }
}
