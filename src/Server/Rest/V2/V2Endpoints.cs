using Microsoft.Extensions.Options;
using Serving.Runtime;
using Serving.Server.Auth;
using Serving.Server.Health;
using Serving.Server.Hosting;
using Serving.Server.Logging;
using Serving.Server.Rest.V2.Generate;
using Serving.Server.SharedMemory;
using Serving.Server.Tracing;

namespace Serving.Server.Rest.V2;

/// <summary>The Open Inference Protocol over REST, with Triton's binary tensors and repository calls.</summary>
internal static class V2Endpoints
{
    public static IEndpointRouteBuilder MapV2(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var engine = services.GetService<EngineDoor>() ?? EngineDoor.Of(services.GetRequiredService<InferenceEngine>());
        var options = services.GetRequiredService<IOptions<ServingOptions>>().Value;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;

        new HealthEndpoints(engine, services.GetRequiredService<DrainState>()).Map(routes);
        new MetadataEndpoints(engine, options).Map(routes);
        new DescriptionEndpoints(engine).Map(routes);
        new RepositoryEndpoints(engine, services.GetRequiredService<ManagementGate>(), options.MaxRequestBytes).Map(routes);
        var gate = services.GetRequiredService<ManagementGate>();
        var regions = services.GetService<SharedMemoryRegistry>() ?? new SharedMemoryRegistry(Options.Create(options));
        new SharedMemoryEndpoints(regions, gate, options.MaxRequestBytes).Map(routes);
        new CudaMemoryEndpoints().Map(routes);
        new InferEndpoint(engine, options, time, regions, gate).Map(routes);
        new GenerateEndpoint(engine, options, time).Map(routes);
        new TraceSettingsEndpoint(
            engine,
            services.GetService<TraceState>() ?? new TraceState(Options.Create(options)),
            gate,
            options.MaxRequestBytes).Map(routes);
        new LogSettingsEndpoint(
            services.GetService<LogState>() ?? new LogState(Options.Create(options)),
            gate,
            options.MaxRequestBytes).Map(routes);
        return routes;
    }
}
