using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Infer;
using Serving.Server.Grpc.Infer.Streaming;
using Serving.Server.Grpc.Protocol;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc;

/// <summary><c>inference.GRPCInferenceService</c>: the Open Inference Protocol with Triton's extensions.</summary>
internal sealed class InferenceService
{
    private const string Name = "inference.GRPCInferenceService";

    private readonly Readiness _readiness;

    public InferenceService(
        Readiness readiness,
        ModelInferHandler infer,
        ModelStreamInferHandler stream,
        ModelService models,
        RepositoryService repository,
        SharedMemoryService memory,
        TraceSettingService traces,
        LogSettingsService logs)
    {
        _readiness = readiness;
        RpcMethod[] working =
        [
            RpcMethod.Unary<ServerLiveRequest, ServerLiveResponse>(
                Name, "ServerLive", ServerLiveRequest.Parser, static (_, _) => new(new ServerLiveResponse { Live = true })),
            RpcMethod.Unary<ServerReadyRequest, ServerReadyResponse>(
                Name, "ServerReady", ServerReadyRequest.Parser, (_, _) => new(new ServerReadyResponse { Ready = _readiness.IsServerReady })),
            RpcMethod.Unary<ModelReadyRequest, ModelReadyResponse>(
                Name, "ModelReady", ModelReadyRequest.Parser, (_, request) => new(ModelReady(request))),
            RpcMethod.Unary<ServerMetadataRequest, ServerMetadataResponse>(
                Name, "ServerMetadata", ServerMetadataRequest.Parser, (_, _) => new(models.DescribeServer())),
            RpcMethod.Unary<ModelMetadataRequest, ModelMetadataResponse>(
                Name, "ModelMetadata", ModelMetadataRequest.Parser, (_, request) => new(models.Describe(request))),
            RpcMethod.Inference(Name, "ModelInfer", infer.Steps),
            new(Name, "ModelStreamInfer", IsStreaming: true, stream.InvokeAsync),
            RpcMethod.Unary<RepositoryIndexRequest, RepositoryIndexResponse>(
                Name, "RepositoryIndex", RepositoryIndexRequest.Parser, (_, request) => new(repository.GetIndex(request))),
            RpcMethod.Unary<RepositoryModelLoadRequest, RepositoryModelLoadResponse>(
                Name, "RepositoryModelLoad", RepositoryModelLoadRequest.Parser, repository.LoadAsync),
            RpcMethod.Unary<RepositoryModelUnloadRequest, RepositoryModelUnloadResponse>(
                Name, "RepositoryModelUnload", RepositoryModelUnloadRequest.Parser, repository.UnloadAsync),
            .. DescriptionMethods(models),
            .. MemoryMethods(memory),
            RpcMethod.Unary<TraceSettingRequest, TraceSettingResponse>(
                Name, "TraceSetting", TraceSettingRequest.Parser, (call, request) => new(traces.Handle(call, request))),
            RpcMethod.Unary<LogSettingsRequest, LogSettingsResponse>(
                Name, "LogSettings", LogSettingsRequest.Parser, (call, request) => new(logs.Handle(call, request))),
        ];
        Methods = [.. working, .. Missing(working)];
    }

    public IReadOnlyList<RpcMethod> Methods { get; }

    private static RpcMethod[] DescriptionMethods(ModelService models) =>
    [
        RpcMethod.Unary<ModelConfigRequest, ModelConfigResponse>(
            Name, "ModelConfig", ModelConfigRequest.Parser, (_, request) => new(models.GetConfig(request))),
        RpcMethod.Unary<ModelStatisticsRequest, ModelStatisticsResponse>(
            Name, "ModelStatistics", ModelStatisticsRequest.Parser, (_, request) => new(models.GetStatistics(request))),
    ];

    private static RpcMethod[] MemoryMethods(SharedMemoryService memory) =>
    [
        RpcMethod.Unary<SystemSharedMemoryStatusRequest, SystemSharedMemoryStatusResponse>(
            Name, "SystemSharedMemoryStatus", SystemSharedMemoryStatusRequest.Parser, (call, request) => new(memory.GetStatus(call, request))),
        RpcMethod.Unary<SystemSharedMemoryRegisterRequest, SystemSharedMemoryRegisterResponse>(
            Name, "SystemSharedMemoryRegister", SystemSharedMemoryRegisterRequest.Parser, (call, request) => new(memory.Register(call, request))),
        RpcMethod.Unary<SystemSharedMemoryUnregisterRequest, SystemSharedMemoryUnregisterResponse>(
            Name, "SystemSharedMemoryUnregister", SystemSharedMemoryUnregisterRequest.Parser, (call, request) => new(memory.Unregister(call, request))),
        RpcMethod.Unary<CudaSharedMemoryStatusRequest, CudaSharedMemoryStatusResponse>(
            Name, "CudaSharedMemoryStatus", CudaSharedMemoryStatusRequest.Parser, static (_, request) => new(SharedMemoryService.GetCudaStatus(request))),
        RpcMethod.Unary<CudaSharedMemoryRegisterRequest, CudaSharedMemoryRegisterResponse>(
            Name, "CudaSharedMemoryRegister", CudaSharedMemoryRegisterRequest.Parser, static (_, _) => new(CudaSharedMemory.Refusal)),
        RpcMethod.Unary<CudaSharedMemoryUnregisterRequest, CudaSharedMemoryUnregisterResponse>(
            Name, "CudaSharedMemoryUnregister", CudaSharedMemoryUnregisterRequest.Parser, static (_, _) => new(new CudaSharedMemoryUnregisterResponse())),
    ];

    /// <summary>Rpcs of the protocol that the server does not offer say so by name, instead of looking like a misspelt path.</summary>
    private static IEnumerable<RpcMethod> Missing(RpcMethod[] working) =>
        from declared in GrpcServiceReflection.Descriptor.Services[0].Methods
        where working.All(method => method.Name != declared.Name)
        let failure = InferenceFailure.Unsupported($"{declared.Name} is part of the protocol, but this server does not offer it")
        select new RpcMethod(Name, declared.Name, declared.IsClientStreaming, _ => new(failure));

    /// <summary>Answers false also for a model that does not exist, as Triton does.</summary>
    private ModelReadyResponse ModelReady(ModelReadyRequest request) =>
        new() { Ready = _readiness.CheckModel(request.Name, request.Version) is null };
}
