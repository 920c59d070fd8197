namespace Serving.Server.Rest.Http;

/// <summary>A response's body on its way out, compressed where the client asked and it pays. Dispose it to finish the compression.</summary>
internal sealed class ResponseBody(HttpContext context, ContentCoding coding) : IAsyncDisposable
{
    /// <summary>Below one packet compression saves no time.</summary>
    private const int SmallestCompressed = 1400;

    /// <summary>How much is handed to the connection before it is waited for, so that a slow client does not hold a copy of everything.</summary>
    private const int Slice = 128 * 1024;

    private Stream? _compressor;

    /// <summary>Sets the headers that depend on the length; null where that is not known yet.</summary>
    public void Begin(long? length)
    {
        var response = context.Response;
        if (coding != ContentCoding.Identity && length is null or >= SmallestCompressed)
        {
            response.Headers.ContentEncoding = ContentCodings.Name(coding);
            _compressor = ContentCodings.Compress(coding, response.Body);
            return;
        }

        response.ContentLength = length;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var slice = bytes[..Math.Min(bytes.Length, Slice)];
            bytes = bytes[slice.Length..];
            if (_compressor is not null)
            {
                await _compressor.WriteAsync(slice, context.RequestAborted);
            }
            else
            {
                await context.Response.BodyWriter.WriteAsync(slice, context.RequestAborted);
            }
        }
    }

    public ValueTask DisposeAsync() => _compressor?.DisposeAsync() ?? ValueTask.CompletedTask;
}
