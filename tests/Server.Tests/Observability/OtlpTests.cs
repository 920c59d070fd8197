using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serving.Runtime.Diagnostics;
using Serving.Runtime.Inference;
using Serving.Server.Observability;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Observability;

[Collection(MetricsCollection.Name)]
public sealed class OtlpTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Unsampled = "1bf7651916cd43dd8448eb211c80319c";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Endpoint_Set_SendsMetricsAndTheClientsTrace()
    {
        await using var collector = await FakeCollector.StartAsync().WaitAsync(Patience);
        using var engine = new ActivitySource(EngineMetrics.MeterName);
        var server = await RunningServer.StartAsync(
            options => options.OtlpEndpoint = collector.Address.ToString(),
            app => app.MapGet("/test/{name}", (HttpContext _) =>
            {
                engine.StartActivity("test.infer")?.Dispose();
                return "x";
            }));
        new EngineMetrics(server.Services.GetRequiredService<IMeterFactory>()).RequestFailed("iris", "1", InferenceError.Overloaded);
        await GetAsync(server.Http, $"00-{TraceId}-b7ad6b7169203331-01");
        await GetAsync(server.Http2, $"00-{Unsampled}-b7ad6b7169203331-00");

        // Disposing sends what was not sent yet.
        await server.DisposeAsync();

        Assert.True(collector.Has("TraceService/Export", Convert.FromHexString(TraceId)));
        Assert.True(collector.Has("TraceService/Export", "GET /test/{name}"));
        Assert.True(collector.Has("TraceService/Export", "test.infer"));
        Assert.False(collector.Has("TraceService/Export", Convert.FromHexString(Unsampled)));
        Assert.True(collector.Has("MetricsService/Export", "serving_requests"));
        Assert.True(collector.Has("MetricsService/Export", "serving_build_info"));
        Assert.True(collector.Has("TraceService/Export", "service.name"));
    }

    [Fact]
    public async Task Endpoint_NotSet_MakesNoActivity()
    {
        var activity = default(Activity);
        await using var server = await RunningServer.StartAsync(_ => { }, app => app.MapGet("/test/{name}", () =>
        {
            activity = Activity.Current;
            return "x";
        }));

        await GetAsync(server.Http, $"00-{TraceId}-b7ad6b7169203331-01");

        Assert.Null(activity);
    }

    [Theory]
    [InlineData(null, null, null, false, null)]
    [InlineData("http://a:4317", null, null, true, null)]
    [InlineData(null, "http://a:4317", null, true, null)]
    [InlineData("http://a:4318", null, null, true, "http/protobuf")]
    [InlineData(null, "http://a:4318", null, true, "http/protobuf")]
    [InlineData("http://a:4318", "http://b:4317", "grpc", true, "grpc")]
    public void Settings_OptionAndEnvironment_FollowTheStandard(string? option, string? environment, string? protocol, bool sends, string? expected)
    {
        var variables = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = environment, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol })
            .Build();

        var settings = new OtlpSettings(option, variables);

        Assert.Equal((sends, sends), (settings.SendsMetrics, settings.SendsTraces));
        Assert.Equal(expected, settings.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal(option ?? environment, settings.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
    }

    private static async Task GetAsync(HttpClient client, string traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/test/it") { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        request.Headers.Add("traceparent", traceParent);
        using var answer = await client.SendAsync(request).WaitAsync(Patience);
        Assert.True(answer.IsSuccessStatusCode);
    }
}
