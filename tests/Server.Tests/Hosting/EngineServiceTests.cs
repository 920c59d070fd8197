using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Hosting;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Hosting;

public sealed class EngineServiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Start_WhileTheEngineLoads_ThePortsAnswer()
    {
        var loads = new TaskCompletionSource();
        await using var server = await RunningServer.StartAsync(
            _ => { }, app => app.MapGet("/test/alive", () => "alive"), services => services.AddSingleton(Engine(_ => loads.Task)), waitUntilReady: false);

        Assert.Equal("alive", await server.Http.GetStringAsync("/test/alive").WaitAsync(Patience));
        Assert.Empty(server.Output);
        loads.SetResult();
        await server.WaitUntilReadyAsync();
        Assert.Contains(server.HttpAddress.Authority, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EngineFails_StopsTheHost()
    {
        await using var server = await RunningServer.StartAsync(
            _ => { }, services: services => services.AddSingleton(Engine(_ => throw new InvalidOperationException("no engine today"))), waitUntilReady: false);
        server.Logs.Expect("no engine today");

        await server.App.WaitForShutdownAsync().WaitAsync(Patience);

        Assert.True(server.Services.GetRequiredService<EngineService>().Failed);
        Assert.Single(server.Logs.Entries, entry => entry is { Level: LogLevel.Critical, Id.Id: 1000 });
    }

    [Fact]
    public async Task Stop_WhileTheEngineLoads_CancelsTheLoading()
    {
        var cancelled = new TaskCompletionSource();
        await using var server = await RunningServer.StartAsync(
            _ => { },
            services: services => services.AddSingleton(Engine(token =>
            {
                token.Register(() => cancelled.TrySetResult());
                return Task.Delay(Timeout.Infinite, token);
            })),
            waitUntilReady: false);

        await server.App.StopAsync().WaitAsync(Patience);

        await cancelled.Task.WaitAsync(Patience);
        Assert.False(server.Services.GetRequiredService<EngineService>().Failed);
    }

    private static EngineLife Engine(Func<CancellationToken, Task> start) =>
        new(start, () => [], _ => (Outcome<ModelMetadata>)InferenceFailure.NotFound("no model"));
}
