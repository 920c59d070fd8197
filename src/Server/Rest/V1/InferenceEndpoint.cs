using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Server.Hosting;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.V1.Requests;

namespace Serving.Server.Rest.V1;

/// <summary>Inference over V1: the call is a verb behind the model's name, as in <c>/v1/models/m:predict</c>.</summary>
internal sealed class InferenceEndpoint(EngineDoor engine, ServingOptions options, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in V1Path.All)
        {
            routes.MapPost(path + ":predict", context => InvokeAsync(context, PredictReader.Read));
            routes.MapPost(path + ":classify", context => InvokeAsync(context, ClassifyReader.Read));
            routes.MapPost(path + ":regress", context => InvokeAsync(context, RegressReader.Read));
            routes.MapPost(path + ":explain", static context => ErrorResponse.WriteAsync(
                context, InferenceFailure.Unsupported("a model has no explainer here; :predict, :classify and :regress are offered")));
            routes.MapPost(path, static context => ErrorResponse.WriteAsync(
                context,
                InferenceFailure.InvalidInput($"Malformed request: POST {context.Request.Path}: expected :predict, :classify or :regress at its end")));
        }
    }

    private async Task InvokeAsync(HttpContext context, RequestReader read)
    {
        var received = time.GetTimestamp();
        var failure = CallHeaders.Read(context.Request.Headers, options.TenantHeader).TryGetValue(out var headers, out var unreadable)
            ? await InferAsync(context, read, headers, received)
            : unreadable;
        if (failure is not null)
        {
            await ErrorResponse.WriteAsync(context, failure);
        }
    }

    private async ValueTask<InferenceFailure?> InferAsync(HttpContext context, RequestReader read, CallHeaders headers, long received)
    {
        var path = V1Path.Of(context);
        if (!engine.GetMetadata(path.Model, path.Version).TryGetValue(out var model, out var failure)
            || !(await DecodeAsync(context, model, read)).TryGetValue(out var request, out failure))
        {
            return failure;
        }

        InferenceResponse? response;
        using (request)
        {
            var outcome = await engine.Infer(
                new InferenceRequest
                {
                    ModelName = path.Model,
                    ModelVersion = path.Version,
                    Inputs = request.Inputs,
                    Outputs = request.Outputs,
                    Deadline = headers.Deadline(received, time),
                    Received = received,
                    Priority = headers.Priority,
                    Tenant = headers.Tenant,
                },
                context.RequestAborted);
            if (!outcome.TryGetValue(out response, out failure))
            {
                return failure;
            }
        }

        using (response)
        {
            ServerTiming.Set(context, options.ServerTiming, response.Stages);
            return await request.Answer(context, response);
        }
    }

    /// <summary>Reads the request; its body is given back, for everything that is needed of it has been copied.</summary>
    private async ValueTask<Outcome<V1Request>> DecodeAsync(HttpContext context, ModelMetadata model, RequestReader read)
    {
        if (!(await RequestBody.ReadAsync(context, options.MaxRequestBytes)).TryGetValue(out var body, out var failure))
        {
            return failure;
        }

        using (body)
        {
            return RequestText.Read(body.WrittenMemory.Span, model, options.MaxRequestBytes, read);
        }
    }
}
