using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serving.Runtime;
using Serving.Server.Grpc;
using Serving.Server.Grpc.Direct;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Health;
using Serving.Server.Hosting;
using Serving.Server.Http2;

namespace Serving.Server.Tests.Grpc;

/// <summary>The gRPC services on a real Kestrel on a free port, with a fake engine behind them.</summary>
internal sealed class GrpcHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;

    private GrpcHost(WebApplication app, FakeEngine engine, ManualTime time)
    {
        _app = app;
        Engine = engine;
        Time = time;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new GrpcTestClient(Address);
    }

    public FakeEngine Engine { get; }

    /// <summary>The clock of deadlines and watches.</summary>
    public ManualTime Time { get; }

    public Uri Address { get; }

    /// <summary>Where requests seem to come from, instead of this machine.</summary>
    public IPAddress? RemoteAddress { get; set; }

    public GrpcTestClient Client { get; }

    public DrainState Drain => _app.Services.GetRequiredService<DrainState>();

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    /// <summary>What the server logged as an error.</summary>
    public ErrorLog Errors => _app.Services.GetRequiredService<ErrorLog>();

    /// <param name="configure">Changes options.</param>
    /// <param name="methods">More methods to map.</param>
    public static Task<GrpcHost> StartAsync(Action<ServingOptions>? configure = null, params RpcMethod[] methods)
    {
        var engine = new FakeEngine();
        var time = new ManualTime();
        return StartAsync(engine.Door, time, app => new GrpcHost(app, engine, time), configure, methods);
    }

    /// <summary>The services over a real engine, on the system's clock.</summary>
    public static Task<GrpcHost> StartAsync(InferenceEngine engine, Action<ServingOptions>? configure = null) => StartAsync(
        EngineDoor.Of(engine), TimeProvider.System, app => new GrpcHost(app, new FakeEngine(), new ManualTime()), configure, methods: []);

    private static async Task<GrpcHost> StartAsync(
        EngineDoor door, TimeProvider time, Func<WebApplication, GrpcHost> create, Action<ServingOptions>? configure, RpcMethod[] methods)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => listen.ApplicationServices.GetRequiredService<Http2Host>().RunAsync(connection, next));
        }));
        builder.Services.Configure(configure ?? (_ => { }));
        builder.Services.AddSingleton(door);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<ErrorLog>();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<ErrorLog>());
        builder.Services.AddGrpcServices();
        builder.Services.AddDirectCalls();
        var app = builder.Build();
        GrpcHost? host = null;
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = host?.RemoteAddress ?? context.Connection.RemoteIpAddress;
            return next(context);
        });
        app.MapGrpcServices();
        var runner = app.Services.GetRequiredService<CallRunner>();
        foreach (var method in methods)
        {
            app.MapPost(method.Path, context => runner.RunAsync(context, method).AsTask());
        }

        await app.StartAsync().WaitAsync(Patience);
        return host = create(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync().WaitAsync(Patience);
        await _app.DisposeAsync();
    }
}
