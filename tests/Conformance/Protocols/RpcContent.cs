using System.Net;
using System.Net.Http.Headers;

namespace Serving.Conformance.Protocols;

/// <summary>The client's side of a call: frames, and the end of the stream at once or when it is told.</summary>
internal sealed class RpcContent : HttpContent
{
    private readonly IReadOnlyList<byte[]> _frames;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RpcContent(IReadOnlyList<byte[]> frames, bool staysOpen)
    {
        _frames = frames;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (!staysOpen)
        {
            Complete();
        }
    }

    public void Complete() => _end.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var frame in _frames)
        {
            await stream.WriteAsync(frame);
        }

        await stream.FlushAsync();
        await _end.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        Complete();
        base.Dispose(disposing);
    }
}
