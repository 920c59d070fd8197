using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.AspNetCore.Http.Features;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Grpc.Direct;

/// <summary>
/// Inferences over gRPC that need nothing of the web application: nobody wants its spans, its log entries about requests or its
/// events, and between it and the endpoint stands nothing that concerns them. Its metrics of requests are kept.
/// </summary>
internal sealed class DirectCalls
{
    /// <summary>The web application's own names for what watches it.</summary>
    private const string Hosting = "Microsoft.AspNetCore.Hosting";

    private readonly CallRunner _runner;
    private readonly RpcMethod _method;
    private readonly ActivitySource _spans;
    private readonly DiagnosticListener _listener;
    private readonly ILogger _log;
    private readonly Lazy<EventSource?> _events = new(() => EventSource.GetSources().FirstOrDefault(source => source.Name == Hosting));

    public DirectCalls(
        CallRunner runner,
        InferenceService service,
        DirectMetrics metrics,
        IServiceScopeFactory scopes,
        ActivitySource spans,
        DiagnosticListener listener,
        ILoggerFactory loggers)
    {
        _runner = runner;
        _method = service.Methods.Single(method => method.Path == DirectMetrics.Route);
        Metrics = metrics;
        Scopes = scopes;
        _spans = spans;
        _listener = listener;
        _log = loggers.CreateLogger($"{Hosting}.Diagnostics");
    }

    public DirectMetrics Metrics { get; }

    public IServiceScopeFactory Scopes { get; }

    /// <summary>Whether a request is one of them.</summary>
    public bool Takes(IFeatureCollection features) =>
        features.Get<IHttpRequestFeature>() is { } request
        && request.Path == DirectMetrics.Route
        && HttpMethods.IsPost(request.Method)
        && HttpProtocol.IsHttp2(request.Protocol)
        && request.Scheme is "http" or "https"
        && CallRunner.IsGrpc(request.Headers.ContentType)
        && !IsWatched;

    public ValueTask RunAsync(HttpContext context) => _runner.RunAsync(context, _method);

    /// <summary>Whether the web application would do more for each request than count it.</summary>
    private bool IsWatched =>
        _spans.HasListeners() || _listener.IsEnabled() || _log.IsEnabled(LogLevel.Critical) || _events.Value is { } events && events.IsEnabled();
}
