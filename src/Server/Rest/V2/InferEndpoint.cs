using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Hosting;
using Serving.Server.Outputs;
using Serving.Server.Rest.Http;
using Serving.Server.Rest.V2.Requests;
using Serving.Server.Rest.V2.Responses;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2;

/// <summary>Inference over REST: reads the body, decodes, asks the engine, sends the answer.</summary>
internal sealed class InferEndpoint(EngineDoor engine, ServingOptions options, TimeProvider time, SharedMemoryRegistry regions, ManagementGate gate)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(ModelPath.Plain + "/infer", InvokeAsync);
        routes.MapPost(ModelPath.WithVersion + "/infer", InvokeAsync);
    }

    private async Task InvokeAsync(HttpContext context)
    {
        var received = time.GetTimestamp();
        var failure = InferHeaders.Read(context.Request.Headers, options.TenantHeader).TryGetValue(out var headers, out var unreadable)
            ? await InferAsync(context, headers, received)
            : unreadable;
        if (failure is not null)
        {
            await ErrorResponse.WriteAsync(context, failure);
        }
    }

    private async ValueTask<InferenceFailure?> InferAsync(HttpContext context, InferHeaders headers, long received)
    {
        var path = ModelPath.Of(context);
        var target = new InferTarget(path.Model, path.Version, headers, received, time)
        {
            SharedMemory = new SharedMemoryAccess(regions, gate, context),
        };
        var (outcome, requested) = await RunAsync(context, target);
        if (!outcome.TryGetValue(out var response, out var failure))
        {
            return failure;
        }

        using (response)
        {
            ServerTiming.Set(context, options.ServerTiming, response.Stages);
            return await InferResponseWriter.WriteAsync(context, response, requested);
        }
    }

    /// <summary>From the body to the engine's answer. The request's memory is given back before the answer is sent.</summary>
    private async ValueTask<(Outcome<InferenceResponse> Outcome, RequestedOutputs Requested)> RunAsync(HttpContext context, InferTarget target)
    {
        if (!(await RequestBody.ReadAsync(context, options.MaxRequestBytes)).TryGetValue(out var body, out var failure))
        {
            return (failure, RequestedOutputs.AllAsJson);
        }

        using (body)
        {
            if (!Decode(body.WrittenMemory, target).TryGetValue(out var decoded, out failure))
            {
                return (failure, RequestedOutputs.AllAsJson);
            }

            using (decoded)
            {
                return (OutputDelivery.Apply(await engine.Infer(decoded.Request, context.RequestAborted), decoded.Outputs.Demands), decoded.Outputs);
            }
        }
    }

    private Outcome<DecodedRequest> Decode(ReadOnlyMemory<byte> body, InferTarget target)
    {
        if (target.Headers.JsonLength != 0)
        {
            return InferRequestReader.Read(body, target);
        }

        if (!engine.GetMetadata(target.Model, target.Version).TryGetValue(out var metadata, out var failure))
        {
            return failure;
        }

        return RawRequestReader.Read(body, metadata.Inputs, BatchAxis(target, metadata.Inputs is [var input, ..] ? input.Name : ""), target);
    }

    private int? BatchAxis(InferTarget target, string input) =>
        engine.GetDetails(target.Model, target.Version).TryGetValue(out var versions, out _)
        && versions.LastOrDefault(v => v.Batching is not null)?.Batching is { Enabled: true } batching
        && batching.BatchAxes.TryGetValue(input, out var axis)
            ? axis
            : null;
}
