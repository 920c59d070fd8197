using Microsoft.Extensions.DependencyInjection.Extensions;
using Serving.Runtime;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Grpc.Infer;
using Serving.Server.Grpc.Infer.Streaming;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Health;
using Serving.Server.Logging;
using Serving.Server.SharedMemory;
using Serving.Server.Tracing;

namespace Serving.Server.Grpc;

/// <summary>Wires the gRPC services into the host.</summary>
internal static class GrpcEndpoints
{
    /// <summary>Needs an <see cref="InferenceEngine"/> from the host.</summary>
    public static IServiceCollection AddGrpcServices(this IServiceCollection services)
    {
        services.AddRouting();
        services.Configure<RouteOptions>(options => options.SetParameterPolicy<GrpcContentConstraint>(GrpcContentConstraint.Name));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ManagementGate>();
        services.TryAddSingleton<DrainState>();
        services.TryAddSingleton(provider => EngineDoor.Of(provider.GetRequiredService<InferenceEngine>(), provider.GetRequiredService<Tracer>()));
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<CallRunner>();
        services.TryAddSingleton<ModelInferHandler>();
        services.TryAddSingleton<ModelStreamInferHandler>();
        services.TryAddSingleton<ModelService>();
        services.TryAddSingleton<RepositoryService>();
        services.TryAddSingleton<SharedMemoryRegistry>();
        services.TryAddSingleton<SharedMemoryService>();
        services.TryAddSingleton<TraceState>();
        services.TryAddSingleton<TraceWriter>();
        services.TryAddSingleton<Tracer>();
        services.TryAddSingleton<TraceSettingService>();
        services.TryAddSingleton<LogState>();
        services.TryAddSingleton<LogSettingsService>();
        services.TryAddSingleton<InferenceService>();
        services.TryAddSingleton<HealthService>();
        services.TryAddSingleton<ReflectionService>();
        return services;
    }

    public static IEndpointRouteBuilder MapGrpcServices(this IEndpointRouteBuilder endpoints)
    {
        var provider = endpoints.ServiceProvider;
        var runner = provider.GetService<CallRunner>()
            ?? throw new InvalidOperationException($"{nameof(MapGrpcServices)} needs the services that {nameof(AddGrpcServices)} adds; call it before the host is built.");
        foreach (var method in provider.GetRequiredService<InferenceService>().Methods
            .Concat(provider.GetRequiredService<HealthService>().Methods)
            .Concat(provider.GetRequiredService<ReflectionService>().Methods))
        {
            endpoints.MapPost(method.Path, context => runner.RunAsync(context, method).AsTask()).WithMetadata(method);
        }

        // Last of all routes: what no method has, asked for by gRPC.
        endpoints.Map($"/{{service}}/{{method:{GrpcContentConstraint.Name}}}", context => runner.RunAsync(context, Unknown(context)).AsTask())
            .WithOrder(int.MaxValue);
        return endpoints;
    }

    private static RpcMethod Unknown(HttpContext context)
    {
        var service = (string?)context.GetRouteValue("service") ?? "";
        var name = (string?)context.GetRouteValue("method") ?? "";
        var failure = InferenceFailure.Unsupported(ServiceDescriptors.IsKnown(service)
            ? $"service {service} has no method '{name}'"
            : $"there is no service '{service}'; there are {string.Join(", ", ServiceDescriptors.Services.Select(known => known.FullName))}");
        return new RpcMethod(service, name, IsStreaming: true, _ => new(failure));
    }
}
