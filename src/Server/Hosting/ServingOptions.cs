using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Serving.Runtime;

namespace Serving.Server.Hosting;

/// <summary>
/// Everything that can be set for the server, bound from the section <c>Serving</c>: appsettings.json, then
/// <c>Serving__*</c> in the environment, then <c>--kebab-case</c> on the command line. Descriptions are the help texts.
/// </summary>
public sealed class ServingOptions : EngineOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Serving";

    [Description("The address to listen on: an IP address, localhost, or * for all. Container images set 0.0.0.0.")]
    public string Host { get; set; } = "127.0.0.1";

    [Description("One port for all protocols, instead of one each.")]
    [Range(0, 65535)]
    public int? Port { get; set; }

    [Description("The port of REST. 0: any free one.")]
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 8000;

    [Description("The port of gRPC. 0: any free one.")]
    [Range(0, 65535)]
    public int GrpcPort { get; set; } = 8001;

    [Description("The port of the Prometheus metrics. 0: any free one.")]
    [Range(0, 65535)]
    public int MetricsPort { get; set; } = 8002;

    [Description("A PEM file with the server's certificate and those between it and its root. REST and gRPC are then served over TLS only.")]
    public string? TlsCertificate { get; set; }

    [Description("A PEM file with the certificate's private key, not encrypted. Default: it is in the certificate's file.")]
    public string? TlsKey { get; set; }

    [Description("A PEM file with the root certificates of the clients. Connections without a certificate of one of them are then refused.")]
    public string? TlsClientCa { get; set; }

    [Description("Serve the metrics over TLS as well, with the same demands on clients. With one port for all protocols they are anyhow.")]
    public bool MetricsTls { get; set; }

    [Description("The largest request body in bytes, counted after decompression, for every protocol.")]
    [Range(1024, 2_147_483_591)]
    public long MaxRequestBytes { get; set; } = 256L * 1024 * 1024;

    [Description("The model that answers routes which name none, such as /embed, where several models could. Default: the only one that can.")]
    public string? DefaultModel { get; set; }

    [Description("A header, or gRPC metadata, that names the tenant of a request; a gateway in front must set it. Tenants that compete for a model get equal shares of it. Default: all are one.")]
    public string? TenantHeader { get; set; }

    [Description("How long a client may take for each 128 KiB of a request or of an answer. A slower one is cut off.")]
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan TransferTimeout { get; set; } = TimeSpan.FromSeconds(30);

    [Description("How long a connection without a request is kept. Longer than the load balancer in front keeps its own.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    [Description("The most connections that each port keeps open. More are closed as they come. 0: as many as the system allows.")]
    [Range(0, int.MaxValue)]
    public int MaxConnections { get; set; } = 16384;

    [Description("How long requests in flight may take to finish when the server is told to stop.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    [Description("How long the server keeps answering after it has said that it is not ready, so that load balancers notice.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.Zero;

    [Description("Open load, unload and the other management calls to clients that are not on this machine.")]
    public bool AllowManagement { get; set; }

    [Description("A key that opens the management calls to a client that sends it as 'Authorization: Bearer KEY'.")]
    public string? ManagementKey { get; set; }

    [Description("Let clients hand tensors over in system shared memory: those that may use the management calls.")]
    public bool AllowSharedMemory { get; set; }

    [Description("What the server calls itself in its metadata. Some clients insist on 'triton'.")]
    [Required]
    public string ServerName { get; set; } = ProductInfo.Name;

    [Description("Send the stages' times with every response, as Server-Timing. Otherwise a request asks with 'X-Server-Timing: 1'.")]
    public bool ServerTiming { get; set; }

    [Description("Where metrics and traces are sent by OTLP, such as http://localhost:4317. Default: nowhere.")]
    public string? OtlpEndpoint { get; set; }

    [Description("The folder of the trace files that Triton's trace extension asks for. Default: none, and no traces to files.")]
    public string? TraceDirectory { get; set; }

    [Description("How log entries are written. text: a line each. json: an object each, and nothing else on standard output.")]
    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    [Description("The least severe log entries to write. The web framework's own appear below Warning only with debug or trace.")]
    public LogLevel LogLevel { get; set; } = LogLevel.Information;
}
