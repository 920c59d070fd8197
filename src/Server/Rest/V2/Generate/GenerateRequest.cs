using Serving.Runtime.Inference;

namespace Serving.Server.Rest.V2.Generate;

/// <summary>A request ready for the engine. Owns the blocks of its inputs: dispose it when the inference has completed.</summary>
internal sealed class GenerateRequest(InferenceRequest request, IReadOnlyList<PooledBufferWriter> owned) : IDisposable
{
    public InferenceRequest Request { get; } = request;

    public void Dispose()
    {
        foreach (var block in owned)
        {
            block.Dispose();
        }
    }
}
