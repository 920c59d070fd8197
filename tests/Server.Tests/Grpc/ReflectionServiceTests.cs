using Google.Protobuf.Reflection;
using Serving.Contracts.Reflection;

namespace Serving.Server.Tests.Grpc;

public class ReflectionServiceTests
{
    private const string V1 = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private const string V1Alpha = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

    [Theory]
    [InlineData(V1)]
    [InlineData(V1Alpha)]
    public async Task ListServices_Asked_NamesAll(string path)
    {
        var response = await AskAsync(path, new ServerReflectionRequest { Host = "h", ListServices = "" });

        Assert.Equal(
            [
                "inference.GRPCInferenceService",
                "grpc.health.v1.Health",
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection",
            ],
            response.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal(("h", "h"), (response.ValidHost, response.OriginalRequest.Host));
    }

    [Theory]
    [InlineData("inference.GRPCInferenceService", "grpc_service.proto")]
    [InlineData("inference.GRPCInferenceService.ModelInfer", "grpc_service.proto")]
    [InlineData("inference.ModelInferRequest.InferInputTensor", "grpc_service.proto")]
    [InlineData("inference.ModelInferRequest.raw_input_contents", "grpc_service.proto")]
    [InlineData("inference.DataType", "model_config.proto")]
    [InlineData("grpc.health.v1.HealthCheckResponse.ServingStatus", "health.proto")]
    [InlineData("grpc.reflection.v1alpha.ErrorResponse", "reflection_v1alpha.proto")]
    public async Task FileContainingSymbol_KnownSymbol_IsFirstOfTheFiles(string symbol, string file)
    {
        var response = await AskAsync(V1, new ServerReflectionRequest { FileContainingSymbol = symbol });

        Assert.Equal(file, FileDescriptorProto.Parser.ParseFrom(response.FileDescriptorResponse.FileDescriptorProto[0]).Name);
    }

    [Fact]
    public async Task FileByFilename_InferenceService_BuildsWithItsImports()
    {
        var response = await AskAsync(V1, new ServerReflectionRequest { FileByFilename = "grpc_service.proto" });

        var files = response.FileDescriptorResponse.FileDescriptorProto;
        var descriptors = FileDescriptor.BuildFromByteStrings(files.Reverse());

        Assert.Equal(20, descriptors[^1].Services.Single().Methods.Count);
    }

    [Fact]
    public async Task FileContainingSymbol_UnknownSymbol_IsNotFound()
    {
        var response = await AskAsync(V1, new ServerReflectionRequest { FileContainingSymbol = "inference.Nothing" });

        Assert.Equal((5, "no symbol 'inference.Nothing'"), (response.ErrorResponse.ErrorCode, response.ErrorResponse.ErrorMessage));
    }

    [Fact]
    public async Task AllExtensionNumbersOfType_KnownAndUnknownType_AreToldApart()
    {
        var known = await AskAsync(V1, new ServerReflectionRequest { AllExtensionNumbersOfType = "inference.ModelInferRequest" });
        var unknown = await AskAsync(V1, new ServerReflectionRequest { AllExtensionNumbersOfType = "x.Y" });

        Assert.Empty(known.AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Equal(5, unknown.ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task Request_WithoutAQuestion_IsInvalid()
    {
        var response = await AskAsync(V1, new ServerReflectionRequest { Host = "h" });

        Assert.Equal(3, response.ErrorResponse.ErrorCode);
    }

    private static async Task<ServerReflectionResponse> AskAsync(string path, ServerReflectionRequest request)
    {
        await using var host = await GrpcHost.StartAsync();
        return await host.Client.CallAsync<ServerReflectionResponse>(path, request);
    }
}
