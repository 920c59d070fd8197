namespace Serving.Server.Rest.Http;

/// <summary>
/// A JSON answer on its way out. It is formed in one block of the pool, which is sent whenever it is full and used again; an
/// answer that fits one block has a length. Owns the block: dispose it also where the answer was not finished.
/// </summary>
internal sealed class JsonBody : IAsyncDisposable
{
    /// <summary>When the block is sent. Arbitrary: large against a packet, small against a cache.</summary>
    private const int FullBlock = 64 * 1024;

    private const int FirstBlock = 1024;

    private readonly ResponseBody _body;
    private bool _begun;

    public JsonBody(HttpContext context)
    {
        context.Response.ContentType = MediaTypes.Json;
        _body = new ResponseBody(context, ContentCodings.Choose(context.Request.Headers.AcceptEncoding));
    }

    /// <summary>Where the answer is formed.</summary>
    public PooledBufferWriter Json { get; } = new(FirstBlock);

    /// <summary>Whether the block is to be sent before more is written.</summary>
    public bool IsFull => Json.Length >= FullBlock;

    /// <summary>Sends the block and empties it.</summary>
    public async ValueTask SendAsync()
    {
        Begin(null);
        await _body.WriteAsync(Json.WrittenMemory);
        Json.Clear();
    }

    /// <summary>Sends the rest: the answer is whole.</summary>
    public ValueTask FinishAsync()
    {
        Begin(Json.Length);
        return _body.WriteAsync(Json.WrittenMemory);
    }

    public async ValueTask DisposeAsync()
    {
        Json.Dispose();
        await _body.DisposeAsync();
    }

    private void Begin(long? length)
    {
        if (!_begun)
        {
            _body.Begin(length);
            _begun = true;
        }
    }
}
