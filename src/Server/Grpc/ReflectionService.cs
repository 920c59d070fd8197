using Google.Protobuf.Reflection;
using Serving.Contracts.Reflection;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Grpc;

/// <summary>
/// Server reflection: clients without .proto files ask here what is offered. The messages of v1 and v1alpha are the same on the
/// wire, so one implementation answers both.
/// </summary>
internal sealed class ReflectionService
{
    private const string MethodName = "ServerReflectionInfo";

    public ReflectionService()
    {
        Methods = [Method("grpc.reflection.v1.ServerReflection"), Method("grpc.reflection.v1alpha.ServerReflection")];
    }

    public IReadOnlyList<RpcMethod> Methods { get; }

    private static RpcMethod Method(string service) =>
        RpcMethod.Duplex<ServerReflectionRequest, ServerReflectionResponse>(service, MethodName, ServerReflectionRequest.Parser, AnswerAsync);

    private static async ValueTask<InferenceFailure?> AnswerAsync(
        RpcCall call, RequestStream<ServerReflectionRequest> requests, ResponseStream<ServerReflectionResponse> responses)
    {
        while (await requests.MoveNextAsync())
        {
            await responses.WriteAsync(Answer(requests.Current));
        }

        return null;
    }

    private static ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse
                {
                    Service = { ServiceDescriptors.Services.Select(service => new ServiceResponse { Name = service.FullName }) },
                };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                AnswerWithFile(response, ServiceDescriptors.Files, request.FileByFilename, "file");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                AnswerWithFile(response, SymbolTable.Files, request.FileContainingSymbol, "symbol");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when SymbolTable.Files.ContainsKey(request.AllExtensionNumbersOfType):
                response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                response.ErrorResponse = Error(StatusCode.NotFound, $"no type '{request.AllExtensionNumbersOfType}'");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                response.ErrorResponse = Error(StatusCode.NotFound, $"'{request.FileContainingExtension.ContainingType}' has no extensions");
                break;
            default:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "the request asks for nothing: message_request is not set");
                break;
        }

        return response;
    }

    private static void AnswerWithFile(
        ServerReflectionResponse response, IReadOnlyDictionary<string, FileDescriptor> files, string name, string kind)
    {
        if (files.TryGetValue(name, out var file))
        {
            response.FileDescriptorResponse = new FileDescriptorResponse
            {
                FileDescriptorProto = { file.Dependencies.Prepend(file).Select(needed => needed.SerializedData) },
            };
        }
        else
        {
            response.ErrorResponse = Error(StatusCode.NotFound, $"no {kind} '{name}'");
        }
    }

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };
}
