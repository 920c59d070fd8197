using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Serving.Contracts.Inference;
using Serving.Server.Hosting;
using Serving.Server.Tests.Hosting.Tls;
using Serving.Server.Tests.Observability;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Grpc.Direct;

/// <summary>Which requests are answered before the web application, and that nobody can tell from the outside.</summary>
[Collection(MetricsCollection.Name)]
public sealed class DirectCallsTests
{
    private const string Infer = "/inference.GRPCInferenceService/ModelInfer";
    private const int NotFound = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _seen;

    [Fact]
    public async Task Infer_NobodyWatches_DoesNotReachTheApplication()
    {
        await using var server = await StartAsync();

        Assert.Equal(NotFound, await CallAsync(server.Http2, Infer));
        Assert.Equal(NotFound, await CallAsync(server.Http2, Infer));

        Assert.Equal(0, _seen);
    }

    [Theory]
    [InlineData("/inference.GRPCInferenceService/ModelMetadata", NotFound)]
    [InlineData("/inference.GRPCInferenceService/ServerLive", 0)]
    [InlineData("/inference.GRPCInferenceService/Modelinfer", NotFound)]
    [InlineData("/grpc.health.v1.Health/Check", 0)]
    public async Task OtherMethods_ReachTheApplication(string path, int status)
    {
        await using var server = await StartAsync();

        Assert.Equal(NotFound, await CallAsync(server.Http2, Infer));
        Assert.Equal(status, await CallAsync(server.Http2, path));
        Assert.Equal(NotFound, await CallAsync(server.Http2, Infer));

        Assert.Equal(1, _seen);
    }

    [Fact]
    public async Task Infer_SomebodyWantsSpans_HasItsOwn()
    {
        await using var server = await StartAsync();
        var spans = new List<string?>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span.ParentId);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        Assert.Equal(NotFound, await CallAsync(server.Http2, Infer, ("traceparent", Parent)));
        await server.App.StopAsync().WaitAsync(Patience);

        Assert.Equal(1, _seen);
        Assert.Equal([Parent], spans);
    }

    [Fact]
    public async Task Infer_VerboseLog_IsLoggedByTheApplication()
    {
        await using var server = await StartAsync(options => options.LogLevel = LogLevel.Trace);

        Assert.Equal(NotFound, await CallAsync(server.Http2, Infer));

        Assert.Equal(1, _seen);
    }

    [Fact]
    public async Task Metrics_DirectOrNot_AreTheSameSeries()
    {
        await using var server = await StartAsync();
        Assert.Equal(NotFound, await CallAsync(server.Http2, Infer));
        using (var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore" })
        {
            ActivitySource.AddActivityListener(listener);
            Assert.Equal(NotFound, await CallAsync(server.Http2, Infer));
        }

        Assert.Equal(1, _seen);
        var metrics = await ScrapeAsync(server.ScrapeAsync, requests: 2);
        var durations = metrics["http_server_request_duration_seconds"];
        Assert.Equal(2, durations.Value("_count", ("http_route", Infer)));
        Assert.Equal(
            "http_request_method, http_response_status_code, http_route, network_protocol_version, url_scheme", durations.LabelNames);
        Assert.Equal(2, durations.Value("_count", ("http_response_status_code", "200"), ("network_protocol_version", "2"), ("url_scheme", "http")));
        Assert.Equal(0, metrics["http_server_active_requests"].Value("", ("http_request_method", "POST")));
    }

    [Fact]
    public async Task Infer_OnePortWithTls_IsDirectAndCountedAsHttps()
    {
        using var folder = new CertificateFolder();
        folder.Issue("first");
        await using var server = await StartAsync(options =>
        {
            folder.Secure(options);
            options.Port = 0;
        });
        using var client = folder.Connect(server.GrpcAddress);

        Assert.Equal(NotFound, await CallAsync(client, Infer));

        Assert.Equal(0, _seen);
        var metrics = await ScrapeAsync(() => client.GetStringAsync("/metrics"), requests: 1);
        Assert.Equal(1, metrics["http_server_request_duration_seconds"].Value("_count", ("http_route", Infer), ("url_scheme", "https")));
    }

    [Theory]
    [InlineData("2.0", "application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("1.1", "application/grpc", HttpStatusCode.UpgradeRequired)]
    public async Task Infer_NotGrpc_IsTheApplications(string version, string contentType, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.HttpAddress, Infer))
        {
            Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } },
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var answer = await server.Http.SendAsync(request).WaitAsync(Patience);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(1, _seen);
    }

    private Task<RunningServer> StartAsync(Action<ServingOptions>? configure = null) => RunningServer.StartAsync(configure ?? (_ => { }), app => app.Use((context, next) =>
    {
        Interlocked.Add(ref _seen, context.Request.Path == "/metrics" ? 0 : 1);
        return next(context);
    }));

    /// <summary>The status of a call with an empty message, which asks for a model without a name.</summary>
    private static async Task<int> CallAsync(HttpClient client, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(GrpcTestClient.Frame(new ModelInferRequest().ToByteArray())) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.SendAsync(request).WaitAsync(Patience);
        await response.Content.ReadAsByteArrayAsync().WaitAsync(Patience);
        var all = response.TrailingHeaders.Concat(response.Headers);
        return int.Parse(all.First(header => header.Key == "grpc-status").Value.Single(), CultureInfo.InvariantCulture);
    }

    /// <summary>A request is counted when its answer has been sent, so a client may be sooner.</summary>
    private static async Task<IReadOnlyDictionary<string, ScrapedMetric>> ScrapeAsync(Func<Task<string>> scrape, int requests)
    {
        while (true)
        {
            var metrics = ScrapedMetric.Parse(await scrape().WaitAsync(Patience));
            if (metrics.TryGetValue("http_server_request_duration_seconds", out var durations)
                && durations.Samples.Where(sample => sample.Suffix == "_count" && sample.Labels.GetValueOrDefault("http_route") == Infer).Sum(sample => sample.Value) == requests)
            {
                return metrics;
            }
        }
    }
}
