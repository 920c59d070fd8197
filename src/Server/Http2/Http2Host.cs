using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using Serving.Server.Grpc.Direct;
using Serving.Server.Hosting;

namespace Serving.Server.Http2;

/// <summary>Serves connections of HTTP/2 for the application that the web server was started with.</summary>
internal sealed class Http2Host(IOptions<ServingOptions> options)
{
    private readonly ConnectionLimits _limits = new(options.Value.KeepAliveTimeout, options.Value.TransferTimeout, options.Value.MaxRequestBytes);
    private Func<Http2Connection, Http2Stream>? _makeStream;

    /// <summary>Called before the first connection.</summary>
    /// <param name="application">Makes and ends the contexts of requests.</param>
    /// <param name="process">Answers them.</param>
    public void Start<TContext>(IHttpApplication<TContext> application, Func<TContext, ValueTask> process)
        where TContext : notnull => _makeStream = connection => new ApplicationStream<TContext>(connection, application, process);

    /// <summary>Serves a connection whose client is expected to begin with the preface of HTTP/2. Without an application, the web server does.</summary>
    public Task RunAsync(ConnectionContext context, ConnectionDelegate next) => _makeStream is null
        ? next(context)
        : new Http2Connection(context, _limits, _makeStream, static path => path == DirectMetrics.Route).RunAsync();
}
