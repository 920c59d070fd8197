using Microsoft.Extensions.Options;
using Serving.Server.Grpc.Direct;

namespace Serving.Server.Hosting;

/// <summary>Puts the web application together. Built from an empty builder: every source of settings is one of ours.</summary>
internal static class ServingHost
{
    /// <param name="options">Validated options.</param>
    /// <param name="customise">Changes for a server inside another process.</param>
    public static WebApplication Build(ServingOptions options, Action<WebApplicationBuilder>? customise = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServingHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        var listens = false;
        builder.Logging.AddServingConsole(options, () => Volatile.Read(ref listens));
        customise?.Invoke(builder);
        builder.Services.AddServing();
        builder.Services.AddDirectCalls();
        var app = builder.Build();
        app.Lifetime.ApplicationStarted.Register(() => Volatile.Write(ref listens, true));
        return app.MapServing();
    }
}
