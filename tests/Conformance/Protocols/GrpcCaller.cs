using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Serving.Conformance.Cases;

namespace Serving.Conformance.Protocols;

/// <summary>Makes the calls of gRPC steps: frames, metadata and trailers over HTTP/2, written down from the specification.</summary>
internal sealed class GrpcCaller(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Target.Patience };

    public async Task<bool> IsAnsweredAsync()
    {
        try
        {
            return (await CallAsync(new JsonObject { ["rpc"] = "ServerLive", ["message"] = new JsonObject() })).Status == "OK";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<Reply> CallAsync(JsonObject step)
    {
        var method = Services.Find((string)step["rpc"]!);
        var coding = (string?)step["compress"];
        using var cancel = new CancellationTokenSource();
        var content = new RpcContent([.. Messages(step).Select(message => Frame(Encode(method.InputType, message), coding))], method.IsClientStreaming && step["take"] is not null);
        using var request = Request($"/{method.Service.FullName}/{method.Name}", content, step, coding);
        if (step["cancel_after_ms"] is { } wait)
        {
            cancel.CancelAfter((int)wait);
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel.Token);
            return await ReadAsync(response, method, content, (int?)step["take"] ?? int.MaxValue).WaitAsync(Target.Patience, cancel.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new Reply("CANCELLED", "cancelled by the client");
        }
    }

    public void Dispose() => _http.Dispose();

    private static IEnumerable<JsonNode> Messages(JsonObject step) => step["messages"] is JsonArray several ? several.Select(one => one!) : [step["message"] ?? new JsonObject()];

    private static byte[] Encode(MessageDescriptor type, JsonNode message) =>
        JsonParser.Default.Parse(WithNumbersAsText(TensorBytes.Resolve(message))!.ToJsonString(), type).ToByteArray();

    /// <summary>The parser reads unquoted numbers as doubles, and those of 64 bits would lose digits.</summary>
    private static JsonNode? WithNumbersAsText(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.Select(pair => KeyValuePair.Create(pair.Key, WithNumbersAsText(pair.Value)))),
        JsonArray array => new JsonArray([.. array.Select(WithNumbersAsText)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => node?.DeepClone(),
    };

    private static byte[] Frame(byte[] message, string? coding)
    {
        var body = coding is null ? message : Compression.Compress(message, coding);
        var frame = new byte[5 + body.Length];
        frame[0] = coding is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)body.Length);
        body.CopyTo(frame, 5);
        return frame;
    }

    private static HttpRequestMessage Request(string path, RpcContent content, JsonObject step, string? coding)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity,deflate,gzip");
        if (coding is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", coding);
        }

        if (step["deadline_ms"] is { } deadline)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", $"{deadline}m");
        }

        foreach (var (name, value) in step["metadata"] as JsonObject ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value!.ToString());
        }

        return request;
    }

    /// <summary>Reads until the stream ends, or until enough was read; then the client's side is closed.</summary>
    private static async Task<Reply> ReadAsync(HttpResponseMessage response, MethodDescriptor method, RpcContent content, int take)
    {
        var messages = new List<Reply>();
        var coding = response.Headers.TryGetValues("grpc-encoding", out var codings) ? codings.Single() : null;
        await using var stream = await response.Content.ReadAsStreamAsync();
        while (await ReadFrameAsync(stream, coding) is { } body)
        {
            messages.Add(RpcReply.Message(method.OutputType, body));
            if (messages.Count == take)
            {
                content.Complete();
                if (!method.IsClientStreaming)
                {
                    return RpcReply.Whole("OK", "", messages);
                }
            }
        }

        var status = Trailer(response, "grpc-status");
        return RpcReply.Whole(
            status is null ? $"no grpc-status (HTTP {(int)response.StatusCode})" : RpcReply.CodeName(status),
            Uri.UnescapeDataString(Trailer(response, "grpc-message") ?? ""),
            messages);
    }

    private static string? Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.First() : null;

    private static async Task<byte[]?> ReadFrameAsync(Stream stream, string? coding)
    {
        var head = new byte[5];
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false) < head.Length)
        {
            return null;
        }

        var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(1))];
        await stream.ReadExactlyAsync(body);
        return Compression.Decompress(body, head[0] == 1 ? coding : null);
    }
}
