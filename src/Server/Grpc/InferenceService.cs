using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Infer;
using Serving.Server.Grpc.Infer.Streaming;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Grpc;

/// <summary><c>inference.GRPCInferenceService</c>: the Open Inference Protocol with Triton's extensions.</summary>
internal sealed class InferenceService
{
    private const string Name = "inference.GRPCInferenceService";

    private readonly Readiness _readiness;

    public InferenceService(Readiness readiness, ModelInferHandler infer, ModelStreamInferHandler stream, ModelService models, RepositoryService repository, TraceSettingService traces, LogSettingsService logs)
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
                Name, "ServerMetadata", ServerMetadataRequest.Parser, static (_, _) => new(ModelService.DescribeServer())),
            RpcMethod.Unary<ModelMetadataRequest, ModelMetadataResponse>(
                Name, "ModelMetadata", ModelMetadataRequest.Parser, (_, request) => new(models.Describe(request))),
            new(Name, "ModelInfer", IsStreaming: false, infer.InvokeAsync),
            new(Name, "ModelStreamInfer", IsStreaming: true, stream.InvokeAsync),
            RpcMethod.Unary<RepositoryIndexRequest, RepositoryIndexResponse>(
                Name, "RepositoryIndex", RepositoryIndexRequest.Parser, (_, request) => new(repository.GetIndex(request))),
            RpcMethod.Unary<RepositoryModelLoadRequest, RepositoryModelLoadResponse>(
                Name, "RepositoryModelLoad", RepositoryModelLoadRequest.Parser, repository.LoadAsync),
            RpcMethod.Unary<RepositoryModelUnloadRequest, RepositoryModelUnloadResponse>(
                Name, "RepositoryModelUnload", RepositoryModelUnloadRequest.Parser, repository.UnloadAsync),
            RpcMethod.Unary<TraceSettingRequest, TraceSettingResponse>(
                Name, "TraceSetting", TraceSettingRequest.Parser, (call, request) => new(traces.Handle(call, request))),
            RpcMethod.Unary<LogSettingsRequest, LogSettingsResponse>(
                Name, "LogSettings", LogSettingsRequest.Parser, (call, request) => new(logs.Handle(call, request))),
        ];
        Methods = [.. working, .. Missing(working)];
    }

    public IReadOnlyList<RpcMethod> Methods { get; }

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
