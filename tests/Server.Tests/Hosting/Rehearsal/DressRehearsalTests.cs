using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serving.Server.Hosting.Rehearsal;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Hosting.Rehearsal;

public sealed class DressRehearsalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_Rehearsed_NothingOfItIsSeen()
    {
        await using var server = await RunningServer.StartAsync(
            options => options.LogLevel = LogLevel.Debug, services: services => services.AddSingleton(new RehearsalOptions(Enabled: true)));

        var metrics = await server.ScrapeAsync().WaitAsync(Patience);

        Assert.DoesNotContain(RehearsalRequests.Model, metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("rehearsal", metrics, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("0 ready, 0 failed", server.Output, StringComparison.Ordinal);
        Assert.Single(server.Logs.Entries, entry => entry.Id.Id == 1008);
        Assert.DoesNotContain(server.Logs.Entries, entry => entry.Level > LogLevel.Information || entry.Message.Contains("echo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_OfEveryForm_AreAnsweredByARealServer()
    {
        await using var transport = new PipeTransport();
        await using var server = await RunningServer.StartAsync(
            options =>
            {
                options.Port = 0;
                options.Repository.Add(Path.Combine(AppContext.BaseDirectory, "Hosting", "Rehearsal", "Models"));
            },
            services: services => services.AddSingleton<IConnectionListenerFactory>(transport));
        using var patience = new CancellationTokenSource(Patience);
        await using var rest = transport.Connect();
        var http1 = new Http1Client(rest.Client);

        Assert.True(await http1.SendAsync(RehearsalRequests.Get($"/v2/models/{RehearsalRequests.Model}/ready"), patience.Token));
        Assert.True(await http1.SendAsync(RehearsalRequests.Json(8), patience.Token));
        Assert.True(await http1.SendAsync(RehearsalRequests.Binary(8), patience.Token));
        Assert.False(await http1.SendAsync(RehearsalRequests.Get("/v2/models/other"), patience.Token));

        await using var grpc = transport.Connect();
        var http2 = new Http2Client(grpc.Client);
        http2.Open();
        Assert.True(await http2.SendAsync([RehearsalRequests.Grpc(8), RehearsalRequests.Grpc(28)], RehearsalRequests.GrpcHeaders, patience.Token));
        Assert.True(server.Services.GetRequiredService<EngineDoor>().GetStatistics(RehearsalRequests.Model, null).TryGetValue(out var statistics, out _));
        Assert.Equal(4, Assert.Single(statistics!).Success.Count);
    }

    [Fact]
    public void Model_InTheOutputFolder_IsWhatTheBuilderWrites()
    {
        var graph = new OnnxGraphBuilder()
            .Input("ids", "INT64", "batch", "length").Input("values", "FP32", "batch", "length")
            .Output("same", "INT64", "batch", "length").Output("squares", "FP32", "batch", "length")
            .Node("Identity", ["ids"], ["same"]).Node("Mul", ["values", "values"], ["squares"]);

        Assert.Equal(graph.ToBytes(), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Hosting", "Rehearsal", "Models", "echo.onnx")));
    }
}
