using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serving.Server.Hosting;
using Serving.Server.Http2;

namespace Serving.Server.Tests.Http2;

/// <summary>A small application behind our own HTTP/2.</summary>
internal sealed class Http2TestServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private int _running;
    private int _aborted;

    private Http2TestServer(WebApplication app) => _app = app;

    /// <summary>Requests of <c>/wait</c> in progress.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many of them were told that the client has gone.</summary>
    public int Aborted => Volatile.Read(ref _aborted);

    /// <summary>Lets those of <c>/wait</c> go on.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IPEndPoint Address { get; private set; } = null!;

    public static async Task<Http2TestServer> StartAsync(Action<ServingOptions>? configure = null)
    {
        var options = new ServingOptions();
        configure?.Invoke(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddSingleton<Http2Host>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => listen.ApplicationServices.GetRequiredService<Http2Host>().RunAsync(connection, next));
        }));
        var kestrel = builder.Services.Last(service => service.ServiceType == typeof(IServer));
        builder.Services.Remove(kestrel);
        builder.Services.AddSingleton<IServer>(services => new StartingServer(
            (IServer)ActivatorUtilities.CreateInstance(services, kestrel.ImplementationType!), services.GetRequiredService<Http2Host>()));
        var app = builder.Build();
        var server = new Http2TestServer(app);
        server.Map(app);
        await app.StartAsync().WaitAsync(Patience);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        server.Address = new IPEndPoint(IPAddress.Loopback, address.Port);
        return server;
    }

    public HttpClient CreateClient() => new()
    {
        BaseAddress = new Uri($"http://{Address}"),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Patience,
    };

    public async Task<RawConnection> ConnectAsync(params (int Id, int Value)[] settings)
    {
        var connection = await OpenAsync();
        await connection.GreetAsync(settings);
        return connection;
    }

    /// <summary>A connection that has said nothing yet.</summary>
    public async Task<RawConnection> OpenAsync()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(Address).WaitAsync(Patience);
        return new RawConnection(client);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Gate.TrySetResult();
        await _app.StopAsync().WaitAsync(Patience);
        await _app.DisposeAsync();
    }

    private void Map(WebApplication app)
    {
        app.MapGet("/hello", () => "hello");
        app.MapPost("/echo", async context =>
        {
            context.Response.Headers["x-length"] = context.Request.ContentLength?.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
            context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers["x-end"] = "yes";
        });
        app.MapPost("/gather", async context =>
        {
            var whole = new MemoryStream();
            await context.Request.Body.CopyToAsync(whole, context.RequestAborted);
            await context.Response.BodyWriter.WriteAsync(whole.ToArray(), context.RequestAborted);
        });
        app.MapGet("/bytes/{count:int}", async (HttpContext context, int count) =>
        {
            for (; count > 0; count -= 10_000)
            {
                await context.Response.BodyWriter.WriteAsync(new byte[Math.Min(count, 10_000)], context.RequestAborted);
            }
        });
        app.MapPost("/unlimited", async context =>
        {
            await Gate.Task;
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
            await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        app.MapPost("/ignore", () => "not read");
        app.MapGet("/fail", () => { throw new InvalidOperationException("on purpose"); });
        app.MapGet("/fail-late", async (HttpContext context) =>
        {
            await context.Response.BodyWriter.WriteAsync(new byte[10]);
            throw new InvalidOperationException("on purpose");
        });
        app.MapGet("/header/{name}", (HttpContext context, string name) => context.Request.Headers[name].ToString());
        app.Map("/wait", WaitAsync);
    }

    private async Task WaitAsync(HttpContext context)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await Gate.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("done");
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _aborted);

            // Its end is the test's, so that it can be late.
            await Gate.Task;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private sealed class StartingServer(IServer inner, Http2Host http2) : IServer
    {
        public IFeatureCollection Features => inner.Features;

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull
        {
            http2.Start(application, context => new ValueTask(application.ProcessRequestAsync(context)));
            return inner.StartAsync(application, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

        public void Dispose() => inner.Dispose();
    }
}
