using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Auth;
using Serving.Server.Grpc.Protocol;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc;

/// <summary>Regions of shared memory: which there are, register, unregister. Those of the system for who may manage; of CUDA there are none.</summary>
internal sealed class SharedMemoryService(SharedMemoryRegistry registry, ManagementGate gate)
{
    public Outcome<SystemSharedMemoryStatusResponse> GetStatus(RpcCall call, SystemSharedMemoryStatusRequest request)
    {
        var refused = registry.Refusal ?? gate.Check(call.Http);
        if (refused is not null || !registry.GetStatus(request.Name).TryGetValue(out var regions, out refused))
        {
            return refused;
        }

        var response = new SystemSharedMemoryStatusResponse();
        foreach (var region in regions)
        {
            response.Regions[region.Name] = new SystemSharedMemoryStatusResponse.Types.RegionStatus
            {
                Name = region.Name,
                Key = region.Key,
                Offset = region.Offset,
                ByteSize = region.ByteSize,
            };
        }

        return response;
    }

    public Outcome<SystemSharedMemoryRegisterResponse> Register(RpcCall call, SystemSharedMemoryRegisterRequest request)
    {
        var failure = registry.Refusal ?? gate.Check(call.Http) ?? registry.Register(request.Name, request.Key, request.Offset, request.ByteSize);
        return failure is null ? new SystemSharedMemoryRegisterResponse() : failure;
    }

    public Outcome<SystemSharedMemoryUnregisterResponse> Unregister(RpcCall call, SystemSharedMemoryUnregisterRequest request)
    {
        var failure = registry.Refusal ?? gate.Check(call.Http) ?? registry.Unregister(request.Name);
        return failure is null ? new SystemSharedMemoryUnregisterResponse() : failure;
    }

    public static Outcome<CudaSharedMemoryStatusResponse> GetCudaStatus(CudaSharedMemoryStatusRequest request) =>
        request.Name.Length == 0 ? new CudaSharedMemoryStatusResponse() : CudaSharedMemory.Unknown(request.Name);
}
