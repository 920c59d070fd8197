using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Serving.Server.Grpc.Direct;

/// <summary>Answers what <see cref="DirectCalls"/> takes, and leaves everything else to the web application.</summary>
/// <param name="inner">The web application.</param>
/// <param name="calls">What is answered without it.</param>
internal sealed class DirectApplication<TContext>(IHttpApplication<TContext> inner, DirectCalls calls) : IHttpApplication<DirectContext<TContext>>
    where TContext : notnull
{
    public DirectContext<TContext> CreateContext(IFeatureCollection contextFeatures)
    {
        var container = contextFeatures as IHostContextContainer<DirectContext<TContext>>;
        if (container?.HostContext is not { } context)
        {
            // A stream that the web server uses again brings the context of its last request along.
            context = new DirectContext<TContext>(contextFeatures);
            if (container is not null)
            {
                container.HostContext = context;
            }
        }

        if (calls.Takes(contextFeatures))
        {
            context.Begin(contextFeatures, calls);
        }
        else
        {
            context.Inner = inner.CreateContext(context.Features);
        }

        return context;
    }

    public Task ProcessRequestAsync(DirectContext<TContext> context) => ProcessAsync(context).AsTask();

    /// <summary>The same without a task for each request that waits. Must be awaited, once.</summary>
    public ValueTask ProcessAsync(DirectContext<TContext> context) =>
        context.IsDirect ? calls.RunAsync(context.Http) : new ValueTask(inner.ProcessRequestAsync(context.Inner!));

    public void DisposeContext(DirectContext<TContext> context, Exception? exception)
    {
        if (context.IsDirect)
        {
            context.End(calls, exception);
        }
        else
        {
            inner.DisposeContext(context.Inner!, exception);
            context.Inner = default;
        }
    }
}
