using System.Globalization;
using System.Text;

namespace Serving.Benchmarks;

/// <summary>One request with binary tensors, made once and sent again and again.</summary>
internal sealed class InferCall
{
    private readonly BenchServer _server;
    private readonly string _path;
    private readonly byte[] _body;
    private readonly string _jsonLength;

    public InferCall(BenchServer server, string model, long[] shape)
    {
        _server = server;
        _path = $"/v2/models/{model}/infer";
        var floats = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
        Array.Fill(floats, 0.5f);
        var data = floats.SelectMany(BitConverter.GetBytes).ToArray();
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[{{{string.Join(',', shape)}}}],"parameters":{"binary_data_size":{{{data.Length}}} }}],"parameters":{"binary_data_output":true}}""");
        _jsonLength = json.Length.ToString(CultureInfo.InvariantCulture);
        _body = [.. json, .. data];
    }

    public async Task RunAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _path) { Content = new ByteArrayContent(_body) };
        request.Headers.Add("Inference-Header-Content-Length", _jsonLength);
        using var response = await _server.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
