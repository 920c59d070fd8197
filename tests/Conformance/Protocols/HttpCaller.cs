using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Serving.Conformance.Cases;

namespace Serving.Conformance.Protocols;

/// <summary>Makes the calls of REST steps.</summary>
internal sealed class HttpCaller(Uri address) : IDisposable
{
    private const string JsonLength = "Inference-Header-Content-Length";

    private static readonly string[] Verbs = ["get", "post", "put", "delete", "head", "patch"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = Target.Patience };

    public static bool IsFor(JsonObject step) => Verbs.Any(step.ContainsKey);

    public async Task<Reply> CallAsync(JsonObject step)
    {
        var verb = Verbs.First(step.ContainsKey);
        using var request = new HttpRequestMessage(new HttpMethod(verb.ToUpperInvariant()), (string)step[verb]!);
        var headers = Headers(step, out var body);
        if (step["abort_after"] is { } kept)
        {
            await AbortAsync(request, headers, body ?? [], (int)kept);
            return new Reply("aborted", "");
        }

        request.Content = body is null ? null : new ByteArrayContent(body);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return HttpReply.Read((int)response.StatusCode, All(response), bytes);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The headers that the body asks for, then the step's own; null takes one away.</summary>
    private static Dictionary<string, string> Headers(JsonObject step, out byte[]? body)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        body = Body(step, headers);
        if ((string?)step["encode"] is { } coding)
        {
            headers["Content-Encoding"] = coding;
            body = Compression.Compress(body!, coding);
        }

        foreach (var (name, value) in step["headers"] as JsonObject ?? [])
        {
            headers.Remove(name);
            if (value is not null)
            {
                headers[name] = value.ToString();
            }
        }

        return headers;
    }

    private static byte[]? Body(JsonObject step, Dictionary<string, string> headers)
    {
        var json = step.TryGetPropertyValue("json", out var node) ? Encoding.UTF8.GetBytes(TensorBytes.Resolve(node)?.ToJsonString() ?? "null") : null;
        if (step["binary"] is JsonArray parts)
        {
            headers["Content-Type"] = "application/octet-stream";
            headers[JsonLength] = $"{json?.Length ?? 0}";
            return [.. json ?? [], .. parts.SelectMany(part => TensorBytes.Of(part!))];
        }

        var text = (string?)step["text"];
        if (json is not null || text is not null)
        {
            headers["Content-Type"] = "application/json";
        }

        return json ?? (text is null ? null : Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Sends the request's head and the first bytes of its body, then closes the connection.</summary>
    private async Task AbortAsync(HttpRequestMessage request, Dictionary<string, string> headers, byte[] body, int kept)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port).WaitAsync(Target.Patience);
        headers["Host"] = address.Authority;
        headers["Content-Length"] = $"{body.Length}";
        var head = $"{request.Method} {request.RequestUri} HTTP/1.1\r\n{string.Concat(headers.Select(header => $"{header.Key}: {header.Value}\r\n"))}\r\n";
        await client.GetStream().WriteAsync(new ReadOnlyMemory<byte>([.. Encoding.ASCII.GetBytes(head), .. body[..kept]])).AsTask().WaitAsync(Target.Patience);
    }

    private static Dictionary<string, string> All(HttpResponseMessage response) => new(
        ((IEnumerable<KeyValuePair<string, IEnumerable<string>>>)response.Headers).Concat(response.Content.Headers)
            .Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value))),
        StringComparer.OrdinalIgnoreCase);
}
