using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V2.Requests;
using Serving.Server.Rest.V2.Responses;

namespace Serving.Server.Tests.Rest.V2.Responses;

public sealed class InferResponseWriterTests
{
    private const string JsonLength = "Inference-Header-Content-Length";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Write_Json_IsExactlyThis()
    {
        var (context, body) = await SendAsync(
            RequestedOutputs.AllAsJson, "a\"1", Output("p", ElementType.Float32, [2, 1], (ReadOnlySpan<float>)[0.1f, -2]), Text("s", "x\ny", "ü"));
        Assert.Equal(
            """{"model_name":"m","model_version":"3","id":"a\"1","outputs":[{"name":"p","datatype":"FP32","shape":[2,1],"data":[0.1,-2]},{"name":"s","datatype":"BYTES","shape":[2],"data":["x\ny","ü"]}]}""",
            Encoding.UTF8.GetString(body));
        Assert.Equal("application/json", context.Response.ContentType);
        Assert.Equal(body.Length, context.Response.ContentLength);
        Assert.False(context.Response.Headers.ContainsKey(JsonLength));
    }

    [Fact]
    public async Task Write_NoIdAndNoOutputs_LeavesThemOut()
    {
        var (_, body) = await SendAsync(RequestedOutputs.AllAsJson, null);
        Assert.Equal("""{"model_name":"m","model_version":"3","outputs":[]}""", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Write_NonFiniteNumbers_AreStrings()
    {
        var (_, body) = await SendAsync(RequestedOutputs.AllAsJson, null, Output(
            "p", ElementType.Float64, [3], (ReadOnlySpan<double>)[double.NaN, double.PositiveInfinity, double.NegativeInfinity]));
        Assert.Contains("\"data\":[\"NaN\",\"Infinity\",\"-Infinity\"]", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Write_MixedOutputs_FollowTheJsonInOrder()
    {
        var requested = new RequestedOutputs(["a", "b", "c"], [true, false, null], true);
        var (context, body) = await SendAsync(requested, null, Raw("a", 1, 2), Raw("b", 3), Raw("c", 4, 5, 6));
        Assert.Equal("application/octet-stream", context.Response.ContentType);
        Assert.Equal(body.Length, context.Response.ContentLength);
        var length = int.Parse(context.Response.Headers[JsonLength].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal([1, 2, 4, 5, 6], body[length..]);
        using var json = JsonDocument.Parse(body.AsMemory(0, length));
        Assert.Equal(
            ["""{"name":"a","datatype":"UINT8","shape":[2],"parameters":{"binary_data_size":2}}""",
                """{"name":"b","datatype":"UINT8","shape":[1],"data":[3]}""",
                """{"name":"c","datatype":"UINT8","shape":[3],"parameters":{"binary_data_size":3}}"""],
            json.RootElement.GetProperty("outputs").EnumerateArray().Select(o => o.GetRawText()));
    }

    [Fact]
    public async Task Write_BinaryOutputsWithoutBytes_NeedNoHeader()
    {
        var (context, body) = await SendAsync(RequestedOutputs.AllAsBinary, null, Raw("a"));
        Assert.Equal("application/json", context.Response.ContentType);
        Assert.False(context.Response.Headers.ContainsKey(JsonLength));
        Assert.Contains("\"shape\":[0],\"parameters\":{\"binary_data_size\":0}}", Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Write_BytesThatAreNoText_AreRefusedAsJsonAndSentAsBinary()
    {
        var output = new OutputTensor("s", ElementType.Bytes, new TensorShape(2), (byte[])[1, 0, 0, 0, 65, 1, 0, 0, 0, 0xFF]);
        var (context, stream) = Context();
        var failure = await InferResponseWriter.WriteAsync(context, Response(null, output), RequestedOutputs.AllAsJson).AsTask().WaitAsync(Timeout);
        Assert.Contains("output 's' element 1 is not UTF-8", failure!.Message);
        Assert.Equal(0, stream.Length);

        var (_, body) = await SendAsync(RequestedOutputs.AllAsBinary, null, output);
        Assert.Equal(output.Data.ToArray(), body[^10..]);
    }

    [Fact]
    public async Task Write_MoreThanOneBlock_IsWholeAndValid()
    {
        var values = Enumerable.Range(0, 100_000).Select(i => i / 7f).ToArray();
        var (context, body) = await SendAsync(RequestedOutputs.AllAsJson, null, Output("p", ElementType.Float32, [100_000], (ReadOnlySpan<float>)values));
        Assert.Null(context.Response.ContentLength);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(values, json.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(e => e.GetSingle()));
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("deflate", true)]
    [InlineData("gzip", false)]
    [InlineData("deflate", false)]
    public async Task Write_CompressedWhereAsked_IsTheSameBody(string encoding, bool binary)
    {
        var requested = binary ? RequestedOutputs.AllAsBinary : RequestedOutputs.AllAsJson;
        var output = Raw("a", [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i / 1000))]);
        var (_, plain) = await SendAsync(requested, "1", output);
        var (context, stream) = Context();
        context.Request.Headers.AcceptEncoding = encoding;
        Assert.Null(await InferResponseWriter.WriteAsync(context, Response("1", output), requested).AsTask().WaitAsync(Timeout));

        Assert.Equal(encoding, context.Response.Headers.ContentEncoding);
        Assert.Null(context.Response.ContentLength);
        Assert.InRange(stream.Length, 1, plain.Length / 4);
        stream.Position = 0;
        using Stream inflated = encoding == "gzip"
            ? new GZipStream(stream, CompressionMode.Decompress)
            : new ZLibStream(stream, CompressionMode.Decompress);
        using var result = new MemoryStream();
        await inflated.CopyToAsync(result).WaitAsync(Timeout);
        Assert.Equal(plain, result.ToArray());
        Assert.Equal(binary, context.Response.Headers.ContainsKey(JsonLength));
    }

    [Fact]
    public async Task Write_SmallBody_IsNotCompressed()
    {
        var (context, _) = Context();
        context.Request.Headers.AcceptEncoding = "gzip";
        await InferResponseWriter.WriteAsync(context, Response(null, Raw("a", 1)), RequestedOutputs.AllAsJson).AsTask().WaitAsync(Timeout);
        Assert.Empty(context.Response.Headers.ContentEncoding.ToString());
    }

    private static async Task<(HttpContext Context, byte[] Body)> SendAsync(RequestedOutputs requested, string? id, params OutputTensor[] outputs)
    {
        var (context, stream) = Context();
        Assert.Null(await InferResponseWriter.WriteAsync(context, Response(id, outputs), requested).AsTask().WaitAsync(Timeout));
        return (context, stream.ToArray());
    }

    private static (DefaultHttpContext Context, MemoryStream Body) Context()
    {
        var stream = new MemoryStream();
        return (new DefaultHttpContext { Response = { Body = stream } }, stream);
    }

    private static InferenceResponse Response(string? id, params OutputTensor[] outputs) =>
        new(null) { ModelName = "m", ModelVersion = "3", Id = id, Outputs = outputs };

    private static OutputTensor Output<T>(string name, ElementType type, long[] shape, ReadOnlySpan<T> values)
        where T : unmanaged => new(name, type, new TensorShape(shape), MemoryMarshal.AsBytes(values).ToArray());

    private static OutputTensor Raw(string name, params byte[] values) => new(name, ElementType.UInt8, new TensorShape(values.Length), values);

    private static OutputTensor Text(string name, params string[] values) => new(
        name, ElementType.Bytes, new TensorShape(values.Length),
        values.SelectMany(v => (byte[])[.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(v)), .. Encoding.UTF8.GetBytes(v)]).ToArray());
}
