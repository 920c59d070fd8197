using Serving.Server.Transfer;

namespace Serving.Server.Rest.Http;

/// <summary>A response's body on its way out, compressed where the client asked and it pays. Dispose it to finish the compression.</summary>
internal sealed class ResponseBody(HttpContext context, ContentCoding coding) : IAsyncDisposable
{
    /// <summary>Below one packet compression saves no time.</summary>
    private const int SmallestCompressed = 1400;

    private readonly PacedWriter _writer = new(context);
    private Stream? _compressor;

    /// <summary>Sets the headers that depend on the length; null where that is not known yet.</summary>
    public void Begin(long? length)
    {
        var response = context.Response;
        if (coding != ContentCoding.Identity && length is null or >= SmallestCompressed)
        {
            response.Headers.ContentEncoding = ContentCodings.Name(coding);
            _compressor = ContentCodings.Compress(coding, _writer.AsStream(leaveOpen: true));
            return;
        }

        response.ContentLength = length;
    }

    /// <summary>Hands over a piece at a time and waits for the client, so that a slow one does not hold a copy of everything.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var slice = bytes[..Math.Min(bytes.Length, TransferLimits.Piece)];
            bytes = bytes[slice.Length..];
            if (_compressor is not null)
            {
                await _compressor.WriteAsync(slice, context.RequestAborted);
            }
            else
            {
                await _writer.WriteAsync(slice, context.RequestAborted);
            }
        }
    }

    public ValueTask DisposeAsync() => _compressor?.DisposeAsync() ?? ValueTask.CompletedTask;
}
