using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Hosting;

namespace Serving.Server.Grpc.Infer.Streaming;

/// <summary>ModelStreamInfer: any number of inferences on one call, side by side, answered in their order.</summary>
internal sealed class ModelStreamInferHandler(
    EngineDoor engine, IOptions<ServingOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public async ValueTask<InferenceFailure?> InvokeAsync(RpcCall call)
    {
        using var stream = new InferStream(call, engine, time, options.Value.MaxRequestBytes, lifetime.ApplicationStopping);
        return await stream.RunAsync();
    }
}
