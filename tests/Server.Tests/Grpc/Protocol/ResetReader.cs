using System.IO.Pipelines;

namespace Serving.Server.Tests.Grpc.Protocol;

/// <summary>A body whose stream the client resets after it was read, as Kestrel tells it: when the reader advances.</summary>
internal sealed class ResetReader(PipeReader body) : PipeReader
{
    public override void AdvanceTo(SequencePosition consumed) => throw new IOException("The client reset the request stream.");

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => body.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => body.TryRead(out result);
}
