using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serving.Server.Http2;

namespace Serving.Server.Grpc.Direct;

/// <summary>Puts <see cref="DirectServer"/> before the web application.</summary>
internal static class DirectCallsExtensions
{
    /// <summary>To be called when the web server has been added.</summary>
    public static IServiceCollection AddDirectCalls(this IServiceCollection services)
    {
        var server = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(server);
        services.TryAddSingleton<DirectMetrics>();
        services.TryAddSingleton<DirectCalls>();
        services.TryAddSingleton<Http2Host>();
        return services.AddSingleton<IServer>(provider => new DirectServer(
            Make(server, provider), provider.GetRequiredService<DirectCalls>(), provider.GetRequiredService<Http2Host>()));
    }

    private static IServer Make(ServiceDescriptor server, IServiceProvider provider) =>
        (IServer)(server.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, server.ImplementationType!));
}
