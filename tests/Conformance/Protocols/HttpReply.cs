using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serving.Conformance.Cases;

namespace Serving.Conformance.Protocols;

/// <summary>Takes a response of REST apart: coding, JSON, binary tensors, events.</summary>
internal static class HttpReply
{
    private const string JsonLength = "Inference-Header-Content-Length";

    public static Reply Read(int status, IReadOnlyDictionary<string, string> headers, byte[] sent)
    {
        var body = Compression.Decompress(sent, headers.GetValueOrDefault("Content-Encoding"));
        var jsonLength = headers.TryGetValue(JsonLength, out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : body.Length;
        var text = Encoding.UTF8.GetString(body, 0, jsonLength);
        var json = Parse(text);
        return new Reply($"{status}", text)
        {
            Headers = headers,
            Json = json,
            Error = json is JsonObject { } item && item["error"] is JsonValue error ? error.ToString() : null,
            Tensors = Tensors(json, body.AsSpan(jsonLength)),
            Messages = headers.GetValueOrDefault("Content-Type", "").StartsWith("text/event-stream", StringComparison.Ordinal) ? Events(text) : [],
        };
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The events of a stream: each line of data is JSON.</summary>
    private static IReadOnlyList<Reply> Events(string text) =>
    [
        .. from line in text.Split('\n')
           where line.StartsWith("data:", StringComparison.Ordinal)
           let data = line["data:".Length..].Trim()
           select new Reply("event", data) { Json = Parse(data) },
    ];

    private static List<ReplyTensor> Tensors(JsonNode? json, ReadOnlySpan<byte> binary)
    {
        var tensors = new List<ReplyTensor>();
        var outputs = (json as JsonObject)?["outputs"] as JsonArray ?? [];
        foreach (var output in outputs.OfType<JsonObject>().Where(item => item.ContainsKey("datatype")))
        {
            var (name, datatype, shape) = ((string)output["name"]!, (string)output["datatype"]!, output["shape"]!.ToJsonString());
            if (output["parameters"]?["binary_data_size"] is { } size)
            {
                tensors.Add(new ReplyTensor(name, datatype, shape, binary[..(int)size].ToArray(), "binary"));
                binary = binary[(int)size..];
            }
            else if (output["data"] is { } data)
            {
                tensors.Add(new ReplyTensor(name, datatype, shape, TensorBytes.Encode(datatype, data), "json"));
            }
        }

        return binary.IsEmpty ? tensors : throw new InvalidDataException($"{binary.Length} bytes of the answer belong to no output");
    }
}
