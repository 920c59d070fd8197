using System.Globalization;
using System.Text;
using Serving.TestKit;

namespace Serving.Benchmarks;

/// <summary>One request with binary tensors, made once and sent again and again.</summary>
internal sealed class InferCall
{
    private readonly BenchServer _server;
    private readonly string _path;
    private readonly byte[] _body;
    private readonly string _jsonLength;

    public InferCall(BenchServer server, string model, IReadOnlyDictionary<string, NpyArray> inputs)
    {
        _server = server;
        _path = $"/v2/models/{model}/infer";
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{{{string.Join(',', inputs.Select(input => Describe(input.Key, input.Value)))}}}],"parameters":{"binary_data_output":true}}""");
        _jsonLength = json.Length.ToString(CultureInfo.InvariantCulture);
        _body = [.. json, .. inputs.Values.SelectMany(input => input.Data)];
    }

    public async Task RunAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _path) { Content = new ByteArrayContent(_body) };
        request.Headers.Add("Inference-Header-Content-Length", _jsonLength);
        using var response = await _server.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private static string Describe(string name, NpyArray array) =>
        $$$"""{"name":"{{{name}}}","datatype":"{{{array.Datatype}}}","shape":[{{{string.Join(',', array.Shape)}}}],"parameters":{"binary_data_size":{{{array.Data.Length}}} }}""";
}
