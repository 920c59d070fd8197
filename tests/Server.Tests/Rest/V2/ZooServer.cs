using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serving.Runtime;
using Serving.Server.Auth;
using Serving.Server.Health;
using Serving.Server.Hosting;
using Serving.Server.Rest.V2;
using Serving.TestKit;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>REST in front of the real engine with a few small models of the zoo.</summary>
public sealed class ZooServer : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private RestHost _host = null!;

    /// <summary>Text, a cloud of points and a recurrent step: integer and float inputs, several outputs, fixed and open axes.</summary>
    public static IReadOnlyList<string> Models { get; } = ["albert-question-answering", "point-cloud-transformer", "streaming-recurrent-step"];

    public HttpClient Client => _host.Client;

    public async Task InitializeAsync()
    {
        var options = new ServingOptions { SettleTime = TimeSpan.Zero };
        foreach (var model in Models)
        {
            options.Repository.Add(Zoo.Models[model]);
        }

        InferenceEngine? engine = null;
        _host = await RestHost.StartAsync(
            routes =>
            {
                routes.MapV2();
                engine = routes.ServiceProvider.GetRequiredService<InferenceEngine>();
            },
            services => services
                .AddMetrics()
                .AddSingleton(provider => new InferenceEngine(
                    options, provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<ILoggerFactory>(), TimeProvider.System))
                .AddSingleton<DrainState>()
                .AddSingleton<ManagementGate>()
                .AddSingleton(Options.Create(options)));
        await engine!.StartAsync(CancellationToken.None).WaitAsync(Timeout);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();
}
