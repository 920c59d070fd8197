using Serving.Contracts.Rest;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Rest.Http;

namespace Serving.Server.Rest.V2;

/// <summary>Triton's repository extension: what there is, load, unload.</summary>
internal sealed class RepositoryEndpoints(EngineDoor engine, ManagementGate gate, long maxRequestBytes)
{
    private const string Repository = "/v2/repository";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Repository + "/index", GetIndex);
        routes.MapPost(Repository + "/models/{model}/load", context => Control(context, load: true));
        routes.MapPost(Repository + "/models/{model}/unload", context => Control(context, load: false));
        routes.MapPost(Repository + "/{repository}/index", RefuseNamed);
        routes.MapPost(Repository + "/{repository}/models/{model}/load", RefuseNamed);
        routes.MapPost(Repository + "/{repository}/models/{model}/unload", RefuseNamed);
    }

    private static Task RefuseNamed(HttpContext context) =>
        ErrorResponse.WriteAsync(context, InferenceFailure.Unsupported("a single repository cannot be named; leave its name out for all of them"));

    private async Task GetIndex(HttpContext context)
    {
        if (!(await ReadAsync(context)).TryGetValue(out var request, out var failure))
        {
            await ErrorResponse.WriteAsync(context, failure);
            return;
        }

        IReadOnlyList<IndexEntryBody> index = [.. engine.GetIndex(request.ReadyOnly)
            .Select(m => new IndexEntryBody(m.Name, m.Version, m.State.ToString().ToUpperInvariant(), m.Reason))];
        await context.Response.WriteAsJsonAsync(index, RestJsonContext.Default.IReadOnlyListIndexEntryBody, MediaTypes.Json);
    }

    private async Task Control(HttpContext context, bool load)
    {
        var failure = gate.Check(context);
        if (failure is null && (await ReadAsync(context)).TryGetValue(out var request, out failure))
        {
            var model = ModelPath.Of(context).Model;
            failure = await (load ? engine.Load(model, request.Overrides, context.RequestAborted) : engine.Unload(model, context.RequestAborted));
        }

        if (failure is not null)
        {
            await ErrorResponse.WriteAsync(context, failure);
        }
    }

    private async ValueTask<Outcome<RepositoryRequest>> ReadAsync(HttpContext context)
    {
        if (!(await RequestBody.ReadAsync(context, maxRequestBytes)).TryGetValue(out var body, out var failure))
        {
            return failure;
        }

        using (body)
        {
            return RepositoryRequest.Read(body.WrittenMemory.Span);
        }
    }
}
