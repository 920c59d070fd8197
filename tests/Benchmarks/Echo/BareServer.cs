using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Serving.Benchmarks.Raw;

namespace Serving.Benchmarks.Echo;

/// <summary>The least that a server of a model must start: Kestrel and a session. Every request is a run.</summary>
internal static class BareServer
{
    /// <summary>Serves until the process is ended; prints where.</summary>
    /// <param name="model">The graph.</param>
    public static async Task RunAsync(string model)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        using var raw = new RawModel(model);
        using var run = raw.Bind(rows: 1);
        app.Run(context =>
        {
            run.Execute();
            return context.Response.WriteAsync("done");
        });
        await app.StartAsync();
        Console.WriteLine($"listens {app.Urls.First()}");
        await Task.Delay(Timeout.Infinite);
    }
}
