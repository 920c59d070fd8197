using Microsoft.Extensions.Options;
using Serving.Server.Grpc;
using Serving.Server.Observability;
using Serving.Server.Rest;
using Serving.Server.Rest.HuggingFace;
using Serving.Server.Rest.OpenAi;
using Serving.Server.Rest.OpenApi;
using Serving.Server.Rest.Tasks;
using Serving.Server.Rest.Tei;
using Serving.Server.Rest.V1;
using Serving.Server.Rest.V2;

namespace Serving.Server.Hosting;

/// <summary>What the server answers, in the order in which a request meets it.</summary>
internal static class ServingEndpoints
{
    public static WebApplication MapServing(this WebApplication app)
    {
        if (app.Services.GetService<ServingMarker>() is null)
        {
            throw new InvalidOperationException("MapServing needs the services of the server; call services.AddServing() before the application is built.");
        }

        app.UseObservability();
        app.UseRestErrors();
        app.UseMiddleware<GrpcMatcher>();
        app.UseRouting();
        app.MapV1();
        app.MapV2();
        var services = app.Services;
        var caller = new TaskCaller(
            services.GetRequiredService<EngineDoor>(), services.GetRequiredService<IOptions<ServingOptions>>().Value, services.GetService<TimeProvider>() ?? TimeProvider.System);
        app.MapOpenAi(caller);
        app.MapTei(caller);
        new HubEndpoints(caller).Map(app);
        new OpenApiEndpoint(app.Services.GetRequiredService<EngineDoor>()).Map(app);
        app.MapGrpcServices();
        return app;
    }
}
