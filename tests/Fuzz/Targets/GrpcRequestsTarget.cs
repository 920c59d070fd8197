using System.Buffers;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Wire;
using Serving.Server.Grpc.Protocol;
using Serving.Server.Tests.Grpc;

namespace Serving.Fuzz.Targets;

/// <summary>Requests that are parsed by generated code: read, or refused as malformed, whatever else Google's parser may throw.</summary>
internal sealed class GrpcRequestsTarget : FuzzTarget
{
    public override string Name => "grpc-requests";

    public override int Rounds => 100_000;

    public override IReadOnlyList<byte[]> Tokens { get; } =
        [[0x0A], [0x12], [0x1A], [0x0A, 0], [0x12, 0], [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 7], [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x1B], [0x1C], .. Words("config", "file:1/model.onnx")];

    public override IEnumerable<byte[]> Seeds(Random random)
    {
        var load = new RepositoryModelLoadRequest { RepositoryName = "r", ModelName = "m" };
        load.Parameters.Add("config", new ModelRepositoryParameter { StringParam = "{}" });
        load.Parameters.Add("file:1/model.onnx", new ModelRepositoryParameter { BytesParam = ByteString.CopyFrom(1, 2, 3) });
        yield return [0, .. load.ToByteArray()];
        yield return [1, .. new RepositoryIndexRequest { Ready = true, RepositoryName = "r" }.ToByteArray()];
        yield return [2, .. new RandomRequest(random).Next()];
    }

    public override Verdict Try(byte[] input)
    {
        var chance = ChanceOf(input);
        var bytes = input[Math.Min(1, input.Length)..];
        var message = chance.Next(2) == 0 ? new ReadOnlySequence<byte>(bytes) : Segments.Split(bytes, chance);
        try
        {
            IMessage request = (input.Length > 0 ? input[0] % 3 : 0) switch
            {
                0 => ProtobufRequest.Parse(RepositoryModelLoadRequest.Parser, message),
                1 => ProtobufRequest.Parse(RepositoryIndexRequest.Parser, message),
                _ => ProtobufRequest.Parse(ModelInferRequest.Parser, message),
            };
            return Verdict.Accepted(request.Descriptor.Name);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or MalformedMessageException)
        {
            return Verdict.Refused(e.Message);
        }
    }
}
