using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serving.Server.Hosting;
using Serving.Server.Hosting.Rehearsal;
using Serving.Server.Hosting.Settings;

namespace Serving.TestKit.Servers;

/// <summary>
/// The real server, in this process, on free ports of the loopback address. Disposing stops it as a signal would, and
/// throws where it logged an error that the test did not expect.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    /// <summary>Generous: the machine may be busy with other tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly StringWriter _output;
    private readonly TimeSpan _drainTimeout;

    private RunningServer(WebApplication app, ServingOptions options, LogCapture logs, StringWriter output)
    {
        App = app;
        Logs = logs;
        _output = output;
        _drainTimeout = options.DrainTimeout;
        var listeners = Services.GetRequiredService<Listeners>();
        HttpAddress = listeners.AddressOf(ListenerRoles.Rest);
        GrpcAddress = listeners.AddressOf(ListenerRoles.Grpc);
        MetricsAddress = listeners.AddressOf(ListenerRoles.Metrics);
        Http = new HttpClient { BaseAddress = HttpAddress, Timeout = Patience };
        Http2 = new HttpClient
        {
            BaseAddress = GrpcAddress,
            Timeout = Patience,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public LogCapture Logs { get; }

    /// <summary>Where REST is answered.</summary>
    public Uri HttpAddress { get; }

    /// <summary>Where gRPC is answered.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>Where <c>/metrics</c> is answered.</summary>
    public Uri MetricsAddress { get; }

    /// <summary>A client of REST, over HTTP/1.1.</summary>
    public HttpClient Http { get; }

    /// <summary>A client of the gRPC port, over HTTP/2 with prior knowledge.</summary>
    public HttpClient Http2 { get; }

    /// <summary>What the server wrote for people: the summary of its start.</summary>
    public string Output => _output.ToString();

    /// <summary>Starts a server for these repositories and waits until it is ready.</summary>
    public static Task<RunningServer> StartAsync(params string[] repositories) => StartAsync(options =>
    {
        foreach (var repository in repositories)
        {
            options.Repository.Add(repository);
        }
    });

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <param name="configure">Changes the options; ports are free ones and must stay 0.</param>
    /// <param name="map">Adds endpoints that only the test needs.</param>
    /// <param name="services">Puts parts in that replace the server's own.</param>
    /// <param name="waitUntilReady">False where the test watches the start itself.</param>
    public static async Task<RunningServer> StartAsync(
        Action<ServingOptions> configure, Action<WebApplication>? map = null, Action<IServiceCollection>? services = null, bool waitUntilReady = true)
    {
        var options = new ServingOptions { HttpPort = 0, GrpcPort = 0, MetricsPort = 0, DrainTimeout = TimeSpan.FromSeconds(10) };
        configure(options);
        if (ServingOptionsValidator.Validate(options) is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(configure));
        }

        var logs = new LogCapture();
        var output = new StringWriter();
        var app = ServingHost.Build(options, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(logs);
            builder.Services.AddSingleton<TextWriter>(TextWriter.Synchronized(output));
            builder.Services.AddSingleton(new SignalOptions(Handle: false));
            builder.Services.AddSingleton(new RehearsalOptions(Enabled: false));
            services?.Invoke(builder.Services);
        });
        map?.Invoke(app);
        try
        {
            await app.StartAsync().WaitAsync(Patience);
            var server = new RunningServer(app, options, logs, output);
            if (waitUntilReady)
            {
                await server.WaitUntilReadyAsync();
            }

            return server;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the first scan and the loads to be over.</summary>
    public Task WaitUntilReadyAsync() => Services.GetRequiredService<EngineService>().Started.WaitAsync(Patience);

    /// <summary>The metrics, as Prometheus would read them.</summary>
    public Task<string> ScrapeAsync() => Http.GetStringAsync(new Uri(MetricsAddress, "metrics"));

    /// <summary>Does what the first SIGTERM does; the server is stopped when <see cref="DisposeAsync"/> returns.</summary>
    public void BeginStop() => Services.GetRequiredService<DrainLifetime>().TryBeginStop();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Http2.Dispose();
        await App.StopAsync().WaitAsync(_drainTimeout + Patience);
        await App.DisposeAsync().AsTask().WaitAsync(Patience);
        if (Logs.Unexpected is { Count: > 0 } errors)
        {
            throw new InvalidOperationException("The server logged errors that the test did not expect:" + Environment.NewLine + string.Join(Environment.NewLine, errors));
        }
    }
}
