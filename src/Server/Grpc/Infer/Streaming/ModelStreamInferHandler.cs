using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Hosting;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc.Infer.Streaming;

/// <summary>ModelStreamInfer: any number of inferences on one call, side by side, answered in their order.</summary>
internal sealed class ModelStreamInferHandler(
    EngineDoor engine,
    SharedMemoryRegistry regions,
    ManagementGate gate,
    IOptions<ServingOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    public async ValueTask<InferenceFailure?> InvokeAsync(RpcCall call)
    {
        var memory = new SharedMemoryAccess(regions, gate, call.Http);
        using var stream = new InferStream(call, engine, memory, time, options.Value.MaxRequestBytes, lifetime.ApplicationStopping);
        return await stream.RunAsync();
    }
}
