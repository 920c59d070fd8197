using Serving.Contracts.Rest;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Rest.Http;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2;

/// <summary>Triton's system shared memory extension: which regions there are, register, unregister. All for who may manage.</summary>
internal sealed class SharedMemoryEndpoints(SharedMemoryRegistry registry, ManagementGate gate, long maxRequestBytes)
{
    private const string All = "/v2/systemsharedmemory";
    private const string One = All + "/region/{region}";

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])[All, One])
        {
            routes.MapGet(path + "/status", GetStatus);
            routes.MapPost(path + "/unregister", Unregister);
        }

        routes.MapPost(One + "/register", Register);
    }

    private Task GetStatus(HttpContext context)
    {
        var refused = gate.Check(context);
        if (refused is null && registry.GetStatus(Region(context)).TryGetValue(out var regions, out refused))
        {
            IReadOnlyList<SystemRegionBody> body = [.. regions.Select(region => new SystemRegionBody(region.Name, region.Key, region.Offset, region.ByteSize))];
            return context.Response.WriteAsJsonAsync(body, RestJsonContext.Default.IReadOnlyListSystemRegionBody, MediaTypes.Json);
        }

        return ErrorResponse.WriteAsync(context, refused);
    }

    private async Task Register(HttpContext context)
    {
        var failure = registry.Refusal ?? gate.Check(context) ?? await RegisterAsync(context);
        if (failure is not null)
        {
            await ErrorResponse.WriteAsync(context, failure);
        }
    }

    private async ValueTask<InferenceFailure?> RegisterAsync(HttpContext context)
    {
        if (!(await RequestBody.ReadAsync(context, maxRequestBytes)).TryGetValue(out var body, out var failure))
        {
            return failure;
        }

        using (body)
        {
            return SharedMemoryRegistration.Read(body.WrittenMemory.Span).TryGetValue(out var wanted, out failure)
                ? registry.Register(Region(context)!, wanted.Key, wanted.Offset, wanted.ByteSize)
                : failure;
        }
    }

    private Task Unregister(HttpContext context)
    {
        var failure = gate.Check(context) ?? registry.Unregister(Region(context));
        return failure is null ? Task.CompletedTask : ErrorResponse.WriteAsync(context, failure);
    }

    private static string? Region(HttpContext context) =>
        (context.GetRouteValue("region") as string)?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
