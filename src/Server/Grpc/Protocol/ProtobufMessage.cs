using System.IO.Pipelines;
using Google.Protobuf;

namespace Serving.Server.Grpc.Protocol;

/// <summary>A generated message.</summary>
internal readonly struct ProtobufMessage(IMessage message) : IWireMessage
{
    public int Length { get; } = message.CalculateSize();

    public ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        message.WriteTo(writer);
        return ValueTask.CompletedTask;
    }
}
