using Microsoft.AspNetCore.Http.Features;

namespace Serving.Server.Grpc.Direct;

/// <summary>What a request needs besides what the web server keeps of it. Stays with a stream of the web server, and serves its requests in turn.</summary>
/// <param name="features">The stream.</param>
internal sealed class DirectContext<TContext>(IFeatureCollection features)
    where TContext : notnull
{
    private DefaultHttpContext? _http;
    private DirectRequest _request;

    /// <summary>The stream as the web application sees it.</summary>
    public ForwardedFeatures<TContext> Features { get; } = new(features);

    /// <summary>Whether the present request is answered without the web application.</summary>
    public bool IsDirect { get; private set; }

    /// <summary>The present request, where it is.</summary>
    public HttpContext Http => _http!;

    /// <summary>The web application's own context, where it is not.</summary>
    public TContext? Inner { get; set; }

    /// <summary>A request begins that is answered without the web application.</summary>
    public void Begin(IFeatureCollection contextFeatures, DirectCalls calls)
    {
        IsDirect = true;
        _http ??= new DefaultHttpContext();
        _http.Initialize(contextFeatures);
        _http.ServiceScopeFactory = calls.Scopes;
        _request = calls.Metrics.Begin(_http.Request.Scheme);
    }

    /// <summary>It has ended.</summary>
    public void End(DirectCalls calls, Exception? exception)
    {
        calls.Metrics.End(_request, _http!.Response.StatusCode, exception);
        _http.Uninitialize();
        IsDirect = false;
    }
}
