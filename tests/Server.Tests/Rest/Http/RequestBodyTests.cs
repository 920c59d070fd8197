using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Http;

namespace Serving.Server.Tests.Rest.Http;

/// <summary>Bodies as they come over a real connection: known and unknown lengths, compressed, too large, broken.</summary>
[Collection(PoolCollection.Name)]
public sealed class RequestBodyTests : IAsyncLifetime
{
    private const int Limit = 40_000_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly long _rented = BufferPool.Shared.RentedBytes;
    private RestHost _host = null!;

    public async Task InitializeAsync() => _host = await RestHost.StartAsync(routes =>
    {
        routes.MapPost("/hash", context => AnswerHash(context, Limit));
        routes.MapPost("/small", context => AnswerHash(context, 10_000));
    });

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Assert.Equal(_rented, BufferPool.Shared.RentedBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(35_000_000)]
    public async Task Read_AnnouncedAndChunked_IsTheWholeBody(int length)
    {
        var bytes = Random(length);
        Assert.Equal(Hash(bytes), await HashAsync(new ByteArrayContent(bytes)));
        Assert.Equal(Hash(bytes), await HashAsync(new UnannouncedContent(bytes)));
    }

    [Theory]
    [InlineData("gzip", 0)]
    [InlineData("gzip", 3_000_000)]
    [InlineData("deflate", 3_000_000)]
    public async Task Read_Compressed_IsThePlainBody(string encoding, int length)
    {
        var bytes = Random(length);
        Assert.Equal(Hash(bytes), await HashAsync(Encoded(encoding, Compress(encoding, bytes))));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Read_BrokenCompression_IsRefused(string encoding)
    {
        var whole = Compress(encoding, Random(20_000));
        foreach (var broken in (byte[][])[whole[..(whole.Length / 2)], [1, 2, 3, 4, 5, 6, 7, 8]])
        {
            using var response = await _host.Client.PostAsync("/hash", Encoded(encoding, broken)).WaitAsync(Timeout);
            Assert.StartsWith($"the body is not valid {encoding}", await HttpAssert.ErrorAsync(HttpStatusCode.BadRequest, response));
        }
    }

    [Fact]
    public async Task Read_UnknownEncoding_SaysWhichAreKnown()
    {
        using var response = await _host.Client.PostAsync("/hash", Encoded("br", [1])).WaitAsync(Timeout);
        Assert.Contains("'br'", await HttpAssert.ErrorAsync(HttpStatusCode.NotImplemented, response));
        Assert.Equal("gzip, deflate", string.Join(", ", response.Headers.GetValues("Accept-Encoding")));
    }

    [Fact]
    public async Task Read_GrowsBeyondTheLimit_IsTooLarge()
    {
        using var chunked = await _host.Client.PostAsync("/small", new UnannouncedContent(Random(10_001))).WaitAsync(Timeout);
        Assert.Contains("limit of 10000 bytes", await HttpAssert.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, chunked));

        using var inflated = await _host.Client.PostAsync("/small", Encoded("gzip", Compress("gzip", new byte[10_001]))).WaitAsync(Timeout);
        Assert.Contains("limit of 10000 bytes", await HttpAssert.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, inflated));
    }

    [Fact]
    public async Task Read_ExactlyTheLimit_IsAccepted()
    {
        var bytes = Random(10_000);
        using var plain = await _host.Client.PostAsync("/small", new ByteArrayContent(bytes)).WaitAsync(Timeout);
        Assert.Equal(Hash(bytes), await plain.Content.ReadAsStringAsync().WaitAsync(Timeout));
        using var gzip = await _host.Client.PostAsync("/small", Encoded("gzip", Compress("gzip", bytes))).WaitAsync(Timeout);
        Assert.Equal(Hash(bytes), await gzip.Content.ReadAsStringAsync().WaitAsync(Timeout));
    }

    [Fact]
    public async Task Read_EndlessCompressedBytes_AreTooLargeToo()
    {
        // Members that inflate to nothing: only the bytes on the wire grow.
        byte[] nothing = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var endless = Enumerable.Repeat(nothing, 100_000 / nothing.Length).SelectMany(b => b).ToArray();
        using var content = new UnannouncedContent(endless);
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await _host.Client.PostAsync("/small", content).WaitAsync(Timeout);
        await HttpAssert.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, response);
    }

    [Fact]
    public async Task Read_AnnouncedTooLarge_IsRefusedBeforeTheBody()
    {
        var answer = await ExchangeAsync("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n", "limit");
        Assert.StartsWith("HTTP/1.1 413", answer);
        Assert.Contains("{\"error\":\"the request body is larger than the limit of 10000 bytes", answer);
    }

    [Fact]
    public async Task Read_BrokenChunks_IsABadRequestInJson()
    {
        var answer = await ExchangeAsync("POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "error");
        Assert.StartsWith("HTTP/1.1 400", answer);
        Assert.Contains("{\"error\":\"", answer);
    }

    private static async Task AnswerHash(HttpContext context, long limit)
    {
        if (!(await RequestBody.ReadAsync(context, limit)).TryGetValue(out var body, out var failure))
        {
            await ErrorResponse.WriteAsync(context, failure);
            return;
        }

        using (body)
        {
            await context.Response.WriteAsync(Hash(body.WrittenMemory.Span));
        }
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var target = new MemoryStream();
        using (Stream stream = encoding == "gzip"
            ? new GZipStream(target, CompressionLevel.Optimal)
            : new ZLibStream(target, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }

    private static ByteArrayContent Encoded(string encoding, byte[] bytes) => new(bytes) { Headers = { ContentEncoding = { encoding } } };

    private async Task<string> HashAsync(HttpContent content)
    {
        using var response = await _host.Client.PostAsync("/hash", content).WaitAsync(Timeout);
        return await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
    }

    /// <summary>Sends bytes that no client library would and reads until the answer contains a text.</summary>
    private async Task<string> ExchangeAsync(string request, string until)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _host.Client.BaseAddress!.Port).WaitAsync(Timeout);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request)).AsTask().WaitAsync(Timeout);
        var (answer, buffer) = ("", new byte[4096]);
        while (!answer.Contains(until, StringComparison.Ordinal) || !answer.EndsWith('}'))
        {
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Timeout);
            Assert.True(read > 0, $"the connection ended after: {answer}");
            answer += Encoding.UTF8.GetString(buffer, 0, read);
        }

        return answer;
    }

    /// <summary>A body without a length, sent in chunks.</summary>
    private sealed class UnannouncedContent(byte[] bytes) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < bytes.Length; at += 9000)
            {
                await stream.WriteAsync(bytes.AsMemory(at, Math.Min(9000, bytes.Length - at)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
