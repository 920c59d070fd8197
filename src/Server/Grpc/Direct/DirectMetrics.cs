using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serving.Server.Grpc.Direct;

/// <summary>
/// The web application's metrics of requests, for those that do not reach it: the same instruments, so that nobody who collects them
/// sees a difference. (A meter gives the same instrument for the same name, unit and description.)
/// </summary>
internal sealed class DirectMetrics
{
    /// <summary>The path of the requests that it counts.</summary>
    public const string Route = "/inference.GRPCInferenceService/ModelInfer";

    /// <summary>Those of the web application.</summary>
    private static readonly double[] Boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private static readonly KeyValuePair<string, object?>[] Active = ActiveTags("http");
    private static readonly KeyValuePair<string, object?>[] SecureActive = ActiveTags("https");
    private static readonly KeyValuePair<string, object?>[] Done = DoneTags("http", StatusCodes.Status200OK);
    private static readonly KeyValuePair<string, object?>[] SecureDone = DoneTags("https", StatusCodes.Status200OK);

    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _duration;

    public DirectMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Microsoft.AspNetCore.Hosting");
        _active = meter.CreateUpDownCounter<long>("http.server.active_requests", "{request}", "Number of active HTTP server requests.");
        _duration = meter.CreateHistogram(
            "http.server.request.duration",
            "s",
            "Duration of HTTP server requests.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Boundaries });
    }

    /// <summary>A request begins.</summary>
    /// <param name="scheme"><c>http</c> or <c>https</c>.</param>
    public DirectRequest Begin(string scheme)
    {
        var request = new DirectRequest(_duration.Enabled ? Stopwatch.GetTimestamp() : 0, _active.Enabled, scheme == "https");
        if (request.IsCounted)
        {
            _active.Add(1, request.IsSecure ? SecureActive : Active);
        }

        return request;
    }

    /// <summary>It has ended.</summary>
    /// <param name="request">What <see cref="Begin"/> has returned.</param>
    /// <param name="status">The status of HTTP.</param>
    /// <param name="exception">What went wrong beyond the endpoint; null where nothing did.</param>
    public void End(in DirectRequest request, int status, Exception? exception)
    {
        if (request.IsCounted)
        {
            _active.Add(-1, request.IsSecure ? SecureActive : Active);
        }

        if (request.Started == 0)
        {
            return;
        }

        var seconds = Stopwatch.GetElapsedTime(request.Started).TotalSeconds;
        if (status == StatusCodes.Status200OK && exception is null)
        {
            _duration.Record(seconds, request.IsSecure ? SecureDone : Done);
            return;
        }

        var tags = DoneTags(request.IsSecure ? "https" : "http", status);
        _duration.Record(seconds, exception is null ? tags : [.. tags, new("error.type", exception.GetType().FullName)]);
    }

    private static KeyValuePair<string, object?>[] ActiveTags(string scheme) => [new("url.scheme", scheme), new("http.request.method", HttpMethods.Post)];

    private static KeyValuePair<string, object?>[] DoneTags(string scheme, int status) =>
    [
        new("url.scheme", scheme),
        new("http.request.method", HttpMethods.Post),
        new("network.protocol.version", "2"),
        new("http.response.status_code", status),
        new("http.route", Route),
    ];
}
