using System.IO.Pipelines;

namespace Serving.Server.Grpc.Protocol;

/// <summary>A message to send, whose length is known before it is written.</summary>
internal interface IWireMessage
{
    /// <summary>The exact number of bytes that <see cref="WriteToAsync"/> writes.</summary>
    int Length { get; }

    ValueTask WriteToAsync(PipeWriter writer, CancellationToken cancellationToken);
}
