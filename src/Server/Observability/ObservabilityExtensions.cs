using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Serving.Server.Observability;

/// <summary>Adds metrics and traces to the server.</summary>
internal static class ObservabilityExtensions
{
    public static IServiceCollection AddObservability(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(new MeterPrefix(""));
        services.TryAddSingleton<OtlpSettings>();
        services.TryAddSingleton<ProcessMetrics>();
        services.TryAddSingleton<Telemetry>();
        return services;
    }

    public static void UseObservability(this IApplicationBuilder app)
    {
        // Made now and not with the first request: what the engine records while it loads models must be seen.
        var telemetry = app.ApplicationServices.GetRequiredService<Telemetry>();
        app.UseMiddleware<MetricsMiddleware>();
        if (telemetry.Traces)
        {
            app.UseMiddleware<SpanMiddleware>();
        }
    }
}
