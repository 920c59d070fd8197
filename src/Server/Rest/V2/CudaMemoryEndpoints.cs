using System.Text;
using Serving.Server.Rest.Http;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2;

/// <summary>The calls of Triton's CUDA shared memory extension: no region can be registered, so none is there and all can be forgotten.</summary>
internal sealed class CudaMemoryEndpoints
{
    private const string All = "/v2/cudasharedmemory";
    private const string One = All + "/region/{region}";

    private static readonly byte[] NoRegions = Encoding.UTF8.GetBytes("[]");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(All + "/status", GetStatus);
        routes.MapGet(One + "/status", context => ErrorResponse.WriteAsync(context, CudaSharedMemory.Unknown(context.GetRouteValue("region") as string ?? "")));
        routes.MapPost(One + "/register", context => ErrorResponse.WriteAsync(context, CudaSharedMemory.Refusal));
        routes.MapPost(All + "/unregister", _ => Task.CompletedTask);
        routes.MapPost(One + "/unregister", _ => Task.CompletedTask);
    }

    private static Task GetStatus(HttpContext context)
    {
        context.Response.ContentType = MediaTypes.Json;
        context.Response.ContentLength = NoRegions.Length;
        return context.Response.BodyWriter.WriteAsync(NoRegions, context.RequestAborted).AsTask();
    }
}
