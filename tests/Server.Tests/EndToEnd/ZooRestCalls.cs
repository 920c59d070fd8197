using System.Globalization;
using System.Text;
using System.Text.Json;
using Serving.TestKit;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>Sends reference cases over REST and says how the answers differ from the references.</summary>
internal sealed class ZooRestCalls(HttpClient client)
{
    private const string JsonLength = "Inference-Header-Content-Length";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Everything as JSON.</summary>
    public async Task<IReadOnlyList<string>> AsJsonAsync(string model, ZooCase zooCase)
    {
        using var response = await PostAsync(model, Encoding.UTF8.GetBytes(Json(zooCase, "")));
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return Differences(model, zooCase, json.RootElement, output => [.. output.GetProperty("data").EnumerateArray().Select(e => e.GetDouble())]);
    }

    /// <summary>Every tensor as bytes behind the JSON, both ways.</summary>
    public async Task<IReadOnlyList<string>> AsBinaryAsync(string model, ZooCase zooCase)
    {
        var json = Encoding.UTF8.GetBytes(Json(
            zooCase, ""","parameters":{"binary_data_output":true}""", tensor => $"\"parameters\":{{\"binary_data_size\":{tensor.Data.Length}}}"));
        byte[] body = [.. json, .. zooCase.Inputs.Values.SelectMany(i => i.Data)];
        using var response = await PostAsync(model, body, json.Length);
        var bytes = await response.Content.ReadAsByteArrayAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(bytes));
        var position = int.Parse(response.Headers.GetValues(JsonLength).Single(), CultureInfo.InvariantCulture);
        using var header = JsonDocument.Parse(bytes.AsMemory(0, position));
        var differences = Differences(model, zooCase, header.RootElement, output =>
        {
            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            position += size;
            return new NpyArray(output.GetProperty("datatype").GetString()!, [], bytes[(position - size)..position]).ToDoubles();
        });
        Assert.Equal(bytes.Length, position);
        return differences;
    }

    /// <summary>The request's JSON.</summary>
    /// <param name="zooCase">Its inputs.</param>
    /// <param name="rest">What follows them, with its comma.</param>
    /// <param name="data">How a tensor's data is given; null for numbers.</param>
    public static string Json(ZooCase zooCase, string rest, Func<NpyArray, string>? data = null)
    {
        var inputs = zooCase.Inputs.Select(i =>
            $"{{\"name\":\"{i.Key}\",\"shape\":[{string.Join(',', i.Value.Shape)}],\"datatype\":\"{i.Value.Datatype}\",{(data ?? Numbers)(i.Value)}}}");
        return $"{{\"inputs\":[{string.Join(',', inputs)}]{rest}}}";
    }

    public async Task<HttpResponseMessage> PostAsync(string model, byte[] body, int? jsonLength = null)
    {
        using var content = new ByteArrayContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = content };
        if (jsonLength is { } length)
        {
            request.Headers.Add(JsonLength, length.ToString(CultureInfo.InvariantCulture));
        }

        return await client.SendAsync(request).WaitAsync(Timeout);
    }

    private static string Numbers(NpyArray tensor) =>
        $"\"data\":[{string.Join(',', tensor.ToDoubles().Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]";

    private static List<string> Differences(string model, ZooCase zooCase, JsonElement response, Func<JsonElement, double[]> read)
    {
        var differences = new List<string>();
        var seen = 0;
        foreach (var output in response.GetProperty("outputs").EnumerateArray())
        {
            var values = read(output);
            var name = output.GetProperty("name").GetString()!;
            if (zooCase.Outputs.ContainsKey(name))
            {
                seen++;
                long[] shape = [.. output.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
                differences.AddRange(zooCase.Difference(name, shape, values) is { } difference ? [$"{model}, {difference}"] : []);
            }
        }

        Assert.Equal(zooCase.Outputs.Count, seen);
        return differences;
    }
}
