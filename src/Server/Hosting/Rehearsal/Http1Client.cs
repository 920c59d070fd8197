using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Serving.Server.Hosting.Rehearsal;

/// <summary>As much of HTTP/1.1 as it takes to send a request and to wait for its answer.</summary>
internal sealed class Http1Client(IDuplexPipe pipe)
{
    private const string LengthHeader = "\r\nContent-Length: ";
    private const string LastChunk = "\r\n0\r\n\r\n";

    /// <summary>Sends a request and waits for all of its answer. False where the server ended the connection or refused the request.</summary>
    public async ValueTask<bool> SendAsync(byte[] request, CancellationToken cancellationToken)
    {
        await pipe.Output.WriteAsync(request, cancellationToken);
        while (true)
        {
            var result = await pipe.Input.ReadAsync(cancellationToken);
            if (Find(result.Buffer) is { } answer)
            {
                pipe.Input.AdvanceTo(result.Buffer.GetPosition(answer.Length));
                return answer.Succeeded;
            }

            pipe.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (result.IsCompleted)
            {
                return false;
            }
        }
    }

    // The server says how long an answer is, or ends it with an empty chunk.
    private static (long Length, bool Succeeded)? Find(in ReadOnlySequence<byte> buffer)
    {
        var text = Encoding.Latin1.GetString(buffer);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (end < 4)
        {
            return null;
        }

        var at = text.IndexOf(LengthHeader, 0, end, StringComparison.OrdinalIgnoreCase) + LengthHeader.Length;
        if (at >= LengthHeader.Length)
        {
            end += int.Parse(text.AsSpan(at, text.IndexOf('\r', at) - at), CultureInfo.InvariantCulture);
        }
        else
        {
            var last = text.IndexOf(LastChunk, end, StringComparison.Ordinal);
            end = last < 0 ? int.MaxValue : last + LastChunk.Length;
        }

        return text.Length < end ? null : (end, text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
    }
}
