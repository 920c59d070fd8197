using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serving.Soak.Questions;
using Serving.Soak.Reports;

namespace Serving.Soak.Clients;

/// <summary>Asks over REST.</summary>
internal sealed class RestClient(Uri address) : IDisposable
{
    private const string JsonLength = "Inference-Header-Content-Length";

    private readonly HttpClient _http = new(new SocketsHttpHandler()) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    public async Task<Reply> AskAsync(Question question, bool binary, CancellationToken stop = default, params (string Name, string Value)[] headers)
    {
        using var request = Make(question, binary, body => new ByteArrayContent(body));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await _http.SendAsync(request, stop);
        return await ReadAsync(response, stop);
    }

    /// <summary>Asks with a body that is sent as the content pleases, and reads the answer as the reader pleases.</summary>
    public async Task<HttpResponseMessage> SendAsync(Question question, Func<byte[], HttpContent> content, CancellationToken stop)
    {
        using var request = Make(question, binary: true, content);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    public static async Task<Reply> ReadAsync(HttpResponseMessage response, CancellationToken stop) =>
        Read(response, await response.Content.ReadAsByteArrayAsync(stop));

    public static Reply Read(HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Reply(Ending(response), null, $"{(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        }

        var length = response.Headers.TryGetValues(JsonLength, out var values) ? int.Parse(values.Single(), CultureInfo.InvariantCulture) : body.Length;
        using var json = JsonDocument.Parse(body.AsMemory(0, length));
        var output = Assert.Single(json.RootElement.GetProperty("outputs").EnumerateArray());
        var (name, type) = (output.GetProperty("name").GetString()!, output.GetProperty("datatype").GetString()!);
        long[] shape = [.. output.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())];
        return Reply.Good(output.TryGetProperty("data", out var data) ? FromJson(name, type, shape, data) : new Tensor(name, type, shape, body[length..]));
    }

    /// <summary>POST without a body; the status.</summary>
    public async Task<(HttpStatusCode Status, string Text)> PostAsync(string path)
    {
        using var response = await _http.PostAsync(path, null);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    private static Ending Ending(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.InternalServerError => Reports.Ending.Failed,
        HttpStatusCode.ServiceUnavailable => Reports.Ending.Refused,
        HttpStatusCode.GatewayTimeout => Reports.Ending.TooLate,
        _ => Reports.Ending.Wrong,
    };

    private static Tensor FromJson(string name, string type, long[] shape, JsonElement data)
    {
        JsonElement[] values = [.. data.EnumerateArray()];
        return type == "BYTES"
            ? Tensor.Texts(name, shape, [.. values.Select(value => value.GetString()!)])
            : Tensor.Floats(name, shape, [.. values.Select(value => value.GetSingle())]);
    }

    private static HttpRequestMessage Make(Question question, bool binary, Func<byte[], HttpContent> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            Write(json, question, binary);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{question.Model}/infer");
        if (binary)
        {
            request.Headers.Add(JsonLength, stream.Length.ToString(CultureInfo.InvariantCulture));
            foreach (var input in question.Inputs)
            {
                stream.Write(input.Data);
            }
        }

        request.Content = content(stream.ToArray());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(binary ? "application/octet-stream" : "application/json");
        return request;
    }

    private static void Write(Utf8JsonWriter json, Question question, bool binary)
    {
        json.WriteStartObject();
        json.WriteStartArray("inputs");
        foreach (var input in question.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("name", input.Name);
            json.WriteString("datatype", input.Type);
            json.WritePropertyName("shape");
            JsonSerializer.Serialize(json, input.Shape);
            if (binary)
            {
                json.WriteStartObject("parameters");
                json.WriteNumber("binary_data_size", input.Data.Length);
                json.WriteEndObject();
            }
            else
            {
                json.WritePropertyName("data");
                WriteData(json, input);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("parameters");
        json.WriteBoolean("binary_data_output", binary);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, Tensor input)
    {
        if (input.Type == "BYTES")
        {
            JsonSerializer.Serialize(json, input.AsTexts());
        }
        else if (input.Type == "INT64")
        {
            JsonSerializer.Serialize(json, input.AsLongs().ToArray());
        }
        else
        {
            JsonSerializer.Serialize(json, input.AsFloats().ToArray());
        }
    }
}
