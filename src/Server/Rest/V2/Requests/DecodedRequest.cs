using Serving.Runtime.Inference;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>
/// A request ready for the engine. Owns the blocks that hold data from JSON and from shared memory; raw tensors stay in the body, which must
/// outlive it. Dispose it when the answer has been delivered.
/// </summary>
internal sealed class DecodedRequest(
    InferenceRequest request, RequestedOutputs outputs, IReadOnlyList<RequestInput> owned, RequestRegions? regions = null) : IDisposable
{
    public InferenceRequest Request { get; } = request;

    public RequestedOutputs Outputs { get; } = outputs;

    public void Dispose()
    {
        foreach (var input in owned)
        {
            input.Dispose();
        }

        regions?.Dispose();
    }
}
