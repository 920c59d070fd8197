using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Google.Protobuf;

namespace Serving.Server.Tests.Grpc;

/// <summary>An answer: its status, metadata and messages.</summary>
internal sealed class GrpcReply
{
    private readonly HttpResponseMessage _response;

    public GrpcReply(HttpResponseMessage response, byte[] body)
    {
        _response = response;
        HttpStatus = response.StatusCode;
        for (var offset = 0; offset < body.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(offset + 1));
            Messages.Add((body[offset] == 1, body[(offset + 5)..(offset + 5 + length)]));
            offset += 5 + length;
        }
    }

    public HttpStatusCode HttpStatus { get; }

    public List<(bool Compressed, byte[] Body)> Messages { get; } = [];

    /// <summary>Whether status and metadata came in one block of headers, without a body.</summary>
    public bool IsTrailersOnly => _response.Headers.Contains("grpc-status");

    public int Status => int.Parse(GetMetadata("grpc-status") ?? "-1", CultureInfo.InvariantCulture);

    public string? Message => GetMetadata("grpc-message") is { } text ? Uri.UnescapeDataString(text) : null;

    public string? GetMetadata(string name) =>
        _response.Headers.TryGetValues(name, out var values) || _response.TrailingHeaders.TryGetValues(name, out values) ? string.Join(',', values) : null;

    public T Parse<T>()
        where T : IMessage<T>, new()
    {
        var message = new T();
        message.MergeFrom(Assert.Single(Messages).Body);
        return message;
    }
}
