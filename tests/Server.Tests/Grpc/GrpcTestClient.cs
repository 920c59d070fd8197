using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Serving.Server.Tests.Grpc;

/// <summary>Speaks gRPC by hand, so that every byte of a request can be wrong.</summary>
internal sealed class GrpcTestClient(Uri address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new() { BaseAddress = address };

    public static byte[] Frame(byte[] body, bool compressed = false)
    {
        var frame = new byte[body.Length + 5];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)body.Length);
        body.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Calls a method with one message; throws where the call does not succeed.</summary>
    public async Task<TResponse> CallAsync<TResponse>(string path, IMessage request)
        where TResponse : IMessage<TResponse>, new()
    {
        var reply = await CallAsync(path, request);
        Assert.Equal((0, null), (reply.Status, reply.Message));
        return reply.Parse<TResponse>();
    }

    /// <summary>Calls a method with one message.</summary>
    public Task<GrpcReply> CallAsync(string path, IMessage request, params (string Name, string Value)[] metadata) =>
        SendAsync(path, new ByteArrayContent(Frame(request.ToByteArray())), metadata);

    /// <summary>Sends a body and reads the whole answer.</summary>
    public async Task<GrpcReply> SendAsync(string path, HttpContent body, params (string Name, string Value)[] metadata)
    {
        using var response = await OpenAsync(path, body, metadata);
        var bytes = await response.Content.ReadAsByteArrayAsync().WaitAsync(Patience);
        return new GrpcReply(response, bytes);
    }

    /// <summary>Sends a body and returns when the answer's headers are there.</summary>
    public Task<HttpResponseMessage> OpenAsync(
        string path, HttpContent body, (string Name, string Value)[] metadata, CancellationToken cancellationToken = default)
    {
        body.Headers.ContentType ??= new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.ParseAdd("trailers");
        foreach (var (name, value) in metadata)
        {
            request.Headers.Add(name, value);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).WaitAsync(Patience);
    }

    public void Dispose() => _http.Dispose();
}
