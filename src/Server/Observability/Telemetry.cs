using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serving.Runtime.Diagnostics;
using Serving.Server.Hosting;

namespace Serving.Server.Observability;

/// <summary>
/// Owns OpenTelemetry's providers: metrics always, for scrapes; traces, and metrics by OTLP, only where an endpoint is set.
/// Disposing sends what was not sent yet.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>The engine's spans and the web framework's, one per request, which continue a client's <c>traceparent</c>.</summary>
    private static readonly string[] Sources = [EngineActivity.SourceName, "Microsoft.AspNetCore"];

    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    public Telemetry(OtlpSettings otlp, ProcessMetrics process, MeterPrefix prefix)
    {
        // Asked for only so that its meter exists.
        ArgumentNullException.ThrowIfNull(process);
        Exporter = new PrometheusExporter();
        _metrics = BuildMetrics(otlp, Exporter, prefix);
        _traces = otlp.SendsTraces ? BuildTraces(otlp) : null;
    }

    /// <summary>The meters whose instruments are exported.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    [
        EngineMetrics.MeterName,
        ProcessMetrics.MeterName,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    public PrometheusExporter Exporter { get; }

    public bool Traces => _traces is not null;

    public void Dispose()
    {
        _metrics.Dispose();
        _traces?.Dispose();
    }

    private static MeterProvider BuildMetrics(OtlpSettings otlp, PrometheusExporter exporter, MeterPrefix prefix)
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(otlp.Configuration))
            .SetResourceBuilder(Resource())
            .AddMeter([.. Meters.Select(meter => prefix.Text + meter)])
            .AddView(Buckets.For)
            .AddReader(new BaseExportingMetricReader(exporter));
        return otlp.SendsMetrics ? builder.AddOtlpExporter().Build() : builder.Build();
    }

    private static TracerProvider BuildTraces(OtlpSettings otlp)
    {
        // The framework tags its spans with method and path only where this is off.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(otlp.Configuration))
            .SetResourceBuilder(Resource())
            .AddSource(Sources)
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last and win.</summary>
    private static ResourceBuilder Resource() => ResourceBuilder
        .CreateEmpty()
        .AddTelemetrySdk()
        .AddService(ProductInfo.Name, serviceVersion: ProductInfo.Version)
        .AddEnvironmentVariableDetector();
}
