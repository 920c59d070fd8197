using System.Net;

namespace Serving.Soak.Clients;

/// <summary>A body that is sent in pieces with pauses between them, and may break off.</summary>
/// <param name="body">The whole body.</param>
/// <param name="pieces">In how many pieces.</param>
/// <param name="pause">Between two of them.</param>
/// <param name="breakAt">The piece instead of which the client is gone; null for none.</param>
internal sealed class DribbledContent(byte[] body, int pieces, TimeSpan pause, int? breakAt) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var piece = 0; piece < pieces; piece++)
        {
            if (piece == breakAt)
            {
                throw new IOException("the client is gone, as planned");
            }

            var (from, to) = ((int)((long)body.Length * piece / pieces), (int)((long)body.Length * (piece + 1) / pieces));
            await stream.WriteAsync(body.AsMemory(from..to));
            await stream.FlushAsync();
            await Task.Delay(pause);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
