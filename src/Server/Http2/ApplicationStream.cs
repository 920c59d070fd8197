using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;

namespace Serving.Server.Http2;

/// <summary>A request and its answer, for an application. Keeps the application's context for the next request.</summary>
/// <param name="connection">Whose request it is.</param>
/// <param name="application">Makes and ends the contexts of requests.</param>
/// <param name="process">Answers them.</param>
internal sealed class ApplicationStream<TContext>(Http2Connection connection, IHttpApplication<TContext> application, Func<TContext, ValueTask> process)
    : Http2Stream(connection), IHostContextContainer<TContext>
    where TContext : notnull
{
    private TContext? _context;

    public TContext? HostContext { get; set; }

    protected override ValueTask ProcessAsync()
    {
        _context = application.CreateContext(this);
        return process(_context);
    }

    protected override void Release(Exception? exception)
    {
        if (_context is { } context)
        {
            _context = default;
            application.DisposeContext(context, exception);
        }
    }
}
