using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serving.Runtime.Inference;
using Serving.Server.Health;
using Serving.Server.Hosting;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.Hosting;

public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task BeginStop_RequestInFlight_IsAnsweredBeforeTheServerStops()
    {
        var slow = new SlowEndpoint();
        await using var server = await RunningServer.StartAsync(_ => { }, slow.Map);
        var answer = server.Http.GetStringAsync(SlowEndpoint.Path);
        await slow.Entered.WaitAsync(Patience);

        server.BeginStop();
        await StoppingAsync(server);
        var stopped = server.App.StopAsync();
        await RefusedAsync(server);
        Assert.False(stopped.IsCompleted);
        slow.Release();

        Assert.Equal("done", await answer.WaitAsync(Patience));
        await stopped.WaitAsync(Patience);
    }

    [Fact]
    public async Task BeginStop_DuringTheDelay_StillServesButIsNotReady()
    {
        var clock = new StopClock();
        await using var server = await RunningServer.StartAsync(
            options => options.DrainDelay = TimeSpan.FromMinutes(1),
            app => app.MapGet("/test/fast", () => "fast"),
            services =>
            {
                services.AddSingleton<TimeProvider>(clock);

                // The engine's own timers would stand still as well.
                services.AddSingleton(new EngineLife(_ => Task.CompletedTask, () => [], _ => InferenceFailure.NotFound("no model")));
            });
        var lifetime = server.Services.GetRequiredService<IHostApplicationLifetime>();

        server.BeginStop();

        Assert.True(server.Services.GetRequiredService<DrainState>().IsDraining);
        Assert.Equal("fast", await server.Http.GetStringAsync("/test/fast").WaitAsync(Patience));
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
        await clock.FireNextAsync(Patience);
        await StoppingAsync(server);
    }

    [Fact]
    public async Task StopAsync_RequestBeyondTheTimeout_IsCutOff()
    {
        var slow = new SlowEndpoint();
        await using var server = await RunningServer.StartAsync(options => options.DrainTimeout = TimeSpan.Zero, slow.Map);
        var answer = server.Http.GetStringAsync(SlowEndpoint.Path);
        await slow.Entered.WaitAsync(Patience);

        await server.App.StopAsync().WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.WaitAsync(Patience));
    }

    [Fact]
    public async Task TryBeginStop_SecondTime_LeavesTheSignalToTheSystem()
    {
        await using var server = await RunningServer.StartAsync();
        var lifetime = server.Services.GetRequiredService<DrainLifetime>();

        Assert.True(lifetime.TryBeginStop());
        Assert.False(lifetime.TryBeginStop());
    }

    [Fact]
    public async Task StopAsync_WithoutSignal_AlsoDrains()
    {
        await using var server = await RunningServer.StartAsync();
        var drain = server.Services.GetRequiredService<DrainState>();

        await server.App.StopAsync().WaitAsync(Patience);

        Assert.True(drain.IsDraining);
    }

    private static Task StoppingAsync(RunningServer server)
    {
        var stopping = new TaskCompletionSource();
        server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopping.TrySetResult());
        return stopping.Task.WaitAsync(Patience);
    }

    /// <summary>Connects anew until nobody listens any more.</summary>
    private static async Task RefusedAsync(RunningServer server)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            using var client = new System.Net.Sockets.TcpClient();
            try
            {
                await client.ConnectAsync(server.HttpAddress.Host, server.HttpAddress.Port, timeout.Token);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return;
            }
        }
    }
}
