using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Serving.Runtime;
using Serving.Server.Auth;
using Serving.Server.Grpc;
using Serving.Server.Health;
using Serving.Server.Hosting.Rehearsal;
using Serving.Server.Hosting.Tls;
using Serving.Server.Http2;
using Serving.Server.Observability;
using Serving.Server.SharedMemory;
using Serving.Server.Tracing;

namespace Serving.Server.Hosting;

/// <summary>The server's parts. What is already registered stays, so that tests can put their own in.</summary>
internal static class ServingServices
{
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ServingMarker)))
        {
            return services;
        }

        services.AddSingleton<ServingMarker>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddRouting();
        services.AddEngine();
        services.AddPorts();
        services.AddLife();
        services.AddObservability();
        services.TryAddSingleton<ManagementGate>();
        services.TryAddSingleton<SharedMemoryRegistry>();
        return services;
    }

    private static void AddEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new InferenceEngine(
            provider.GetRequiredService<IOptions<ServingOptions>>().Value,
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider =>
        {
            var engine = provider.GetRequiredService<InferenceEngine>();
            var rehearsal = provider.GetRequiredService<DressRehearsal>();
            return new EngineLife(token => engine.StartAsync(token, rehearsal.RunAsync), () => engine.GetIndex(), name => engine.GetMetadata(name));
        });
        services.TryAddSingleton(provider => EngineDoor.Of(provider.GetRequiredService<InferenceEngine>(), provider.GetRequiredService<Tracer>()));
        services.AddGrpcServices();
    }

    private static void AddPorts(this IServiceCollection services)
    {
        services.TryAddSingleton<Listeners>();
        services.TryAddSingleton<TlsState>();
        services.TryAddSingleton<Http2Host>();
        services.AddHostedService<TlsWatcher>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>());
    }

    private static void AddLife(this IServiceCollection services)
    {
        services.TryAddSingleton<DrainState>();
        services.TryAddSingleton(new SignalOptions(Handle: true));
        services.TryAddSingleton(new RehearsalOptions(Enabled: true));
        services.TryAddSingleton<DressRehearsal>();
        services.TryAddSingleton(Console.Out);
        services.TryAddSingleton<StartupSummary>();
        services.TryAddSingleton<EngineService>();
        services.AddHostedService(provider => provider.GetRequiredService<EngineService>());

        // Not TryAdd: the host's builder has already put the framework's own lifetime in.
        services.AddSingleton<DrainLifetime>();
        services.AddSingleton<IHostLifetime>(provider => provider.GetRequiredService<DrainLifetime>());
    }
}
