using Serving.Runtime.Inference;
using Serving.Server.Hosting;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Rest.V2.Generate;

/// <summary>Triton's generate extension: flat JSON in, flat JSON or a server-sent event out.</summary>
internal sealed class GenerateEndpoint(EngineDoor engine, ServingOptions options, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])[ModelPath.Plain, ModelPath.WithVersion])
        {
            routes.MapPost(path + "/generate", context => InvokeAsync(context, asEvent: false));
            routes.MapPost(path + "/generate_stream", context => InvokeAsync(context, asEvent: true));
        }
    }

    private async Task InvokeAsync(HttpContext context, bool asEvent)
    {
        var received = time.GetTimestamp();
        var failure = InferHeaders.Read(context.Request.Headers, options.TenantHeader).TryGetValue(out var headers, out var unreadable)
            ? await GenerateAsync(context, headers, received, asEvent)
            : unreadable;
        if (failure is not null)
        {
            await ErrorResponse.WriteAsync(context, failure);
        }
    }

    private async ValueTask<InferenceFailure?> GenerateAsync(HttpContext context, InferHeaders headers, long received, bool asEvent)
    {
        var path = ModelPath.Of(context);
        var outcome = await RunAsync(context, new InferTarget(path.Model, path.Version, headers, received, time));
        if (!outcome.TryGetValue(out var response, out var failure))
        {
            return failure;
        }

        using (response)
        {
            ServerTiming.Set(context, options.ServerTiming, response.Stages);
            return await GenerateResponseWriter.WriteAsync(context, response, asEvent);
        }
    }

    /// <summary>From the body to the engine's answer. The request's memory is given back before the answer is sent.</summary>
    private async ValueTask<Outcome<InferenceResponse>> RunAsync(HttpContext context, InferTarget target)
    {
        if (!(await RequestBody.ReadAsync(context, options.MaxRequestBytes)).TryGetValue(out var body, out var failure))
        {
            return failure;
        }

        using (body)
        {
            if (!engine.GetMetadata(target.Model, target.Version).TryGetValue(out var model, out failure)
                || !GenerateReader.Read(body.WrittenMemory.Span, model, target).TryGetValue(out var request, out failure))
            {
                return failure;
            }

            using (request)
            {
                return await engine.Infer(request.Request, context.RequestAborted);
            }
        }
    }
}
