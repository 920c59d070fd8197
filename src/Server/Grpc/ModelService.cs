using Microsoft.Extensions.Options;
using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Descriptions;
using Serving.Server.Hosting;

namespace Serving.Server.Grpc;

/// <summary>What the server and its models are, in the messages of gRPC.</summary>
internal sealed class ModelService(EngineDoor engine, IOptions<ServingOptions> options)
{
    public ServerMetadataResponse DescribeServer() => new()
    {
        Name = options.Value.ServerName,
        Version = ProductInfo.Version,
        Extensions = { ServerExtensions.Of(options.Value) },
    };

    public Outcome<ModelMetadataResponse> Describe(ModelMetadataRequest request)
    {
        if (!engine.GetMetadata(request.Name, request.Version).TryGetValue(out var metadata, out var failure))
        {
            return failure;
        }

        return new ModelMetadataResponse
        {
            Name = metadata.Name,
            Versions = { metadata.Versions },
            Platform = metadata.Platform,
            Inputs = { metadata.Inputs.Select(Describe) },
            Outputs = { metadata.Outputs.Select(Describe) },
        };
    }

    public Outcome<ModelConfigResponse> GetConfig(ModelConfigRequest request) =>
        engine.GetConfiguration(request.Name, request.Version).TryGetValue(out var configuration, out var failure)
            ? new ModelConfigResponse { Config = ModelConfigMessage.Of(configuration) }
            : failure;

    public Outcome<ModelStatisticsResponse> GetStatistics(ModelStatisticsRequest request) =>
        engine.GetStatistics(request.Name, request.Version).TryGetValue(out var statistics, out var failure)
            ? StatisticsMessage.Of(statistics)
            : failure;

    private static ModelMetadataResponse.Types.TensorMetadata Describe(TensorSignature tensor) => new()
    {
        Name = tensor.Name,
        Datatype = tensor.Type.Name(),
        Shape = { tensor.Shape.ToArray() },
    };
}
