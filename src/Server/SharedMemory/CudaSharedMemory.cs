using Serving.Runtime.Inference;

namespace Serving.Server.SharedMemory;

/// <summary>What is answered about CUDA's shared memory, which no build of this server offers: there are never any regions.</summary>
internal static class CudaSharedMemory
{
    public static InferenceFailure Refusal { get; } = InferenceFailure.Unsupported(
        "CUDA shared memory is not offered: this server copies tensors to the GPU itself. Use system shared memory (--allow-shared-memory), or send them in the request");

    public static InferenceFailure Unknown(string region) => InferenceFailure.NotFound($"Unable to find cuda shared memory region: '{region}'");
}
