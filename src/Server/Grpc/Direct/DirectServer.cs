using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Serving.Server.Http2;

namespace Serving.Server.Grpc.Direct;

/// <summary>The web server with <see cref="DirectApplication{TContext}"/> before the web application.</summary>
/// <param name="inner">The web server.</param>
/// <param name="calls">What is answered before the web application.</param>
/// <param name="http2">Serves the connections of gRPC's own port.</param>
internal sealed class DirectServer(IServer inner, DirectCalls calls, Http2Host http2) : IServer
{
    public IFeatureCollection Features => inner.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        var direct = new DirectApplication<TContext>(application, calls);
        http2.Start(direct, direct.ProcessAsync);
        return inner.StartAsync(direct, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
