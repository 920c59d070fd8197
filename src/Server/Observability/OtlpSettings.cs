using Microsoft.Extensions.Options;
using Serving.Server.Hosting;

namespace Serving.Server.Observability;

/// <summary>
/// Whether and where OpenTelemetry sends. Our option is handed to the exporter as the standard variable of that name, so
/// that paths, protocols, headers and everything else follow OpenTelemetry's own rules.
/// </summary>
internal sealed class OtlpSettings
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>The port on which collectors expect OTLP over HTTP; on others they expect gRPC, the exporter's default.</summary>
    private const int HttpPort = 4318;

    public OtlpSettings(IOptions<ServingOptions> options)
        : this(options.Value.OtlpEndpoint, new ConfigurationBuilder().AddEnvironmentVariables().Build())
    {
    }

    internal OtlpSettings(string? endpoint, IConfiguration environment)
    {
        var own = new Dictionary<string, string?>();
        endpoint ??= environment[Endpoint];
        if (!string.IsNullOrEmpty(endpoint))
        {
            own[Endpoint] = endpoint;
        }

        var isHttp = Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Port == HttpPort;
        if (isHttp && string.IsNullOrEmpty(environment[Protocol]))
        {
            own[Protocol] = "http/protobuf";
        }

        Configuration = new ConfigurationBuilder().AddConfiguration(environment).AddInMemoryCollection(own).Build();
    }

    /// <summary>What the exporter reads.</summary>
    public IConfiguration Configuration { get; }

    public bool SendsMetrics => IsSet(Endpoint) || IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");

    public bool SendsTraces => IsSet(Endpoint) || IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

    private bool IsSet(string key) => !string.IsNullOrEmpty(Configuration[key]);
}
