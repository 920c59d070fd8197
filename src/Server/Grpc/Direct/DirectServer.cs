using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Serving.Server.Grpc.Direct;

/// <summary>The web server with <see cref="DirectApplication{TContext}"/> before the web application.</summary>
/// <param name="inner">The web server.</param>
/// <param name="calls">What is answered before the web application.</param>
internal sealed class DirectServer(IServer inner, DirectCalls calls) : IServer
{
    public IFeatureCollection Features => inner.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull =>
        inner.StartAsync(new DirectApplication<TContext>(application, calls), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
