using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Serving.Conformance.Protocols;

/// <summary>Puts the messages of a call into the form in which cases speak of them.</summary>
internal static class RpcReply
{
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: true).WithPreserveProtoFieldNames(true));

    private static readonly string[] Codes =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    public static string CodeName(string number) => Codes[int.Parse(number, CultureInfo.InvariantCulture)];

    /// <summary>The answer to a call; one with a single message is that message.</summary>
    public static Reply Whole(string code, string message, IReadOnlyList<Reply> messages) => new(code, message)
    {
        HasNumbersAsText = true,
        Json = messages.Count == 1 ? messages[0].Json : null,
        Tensors = messages.Count == 1 ? messages[0].Tensors : [],
        Messages = messages,
        Error = message,
    };

    public static Reply Message(MessageDescriptor type, byte[] body)
    {
        var json = JsonNode.Parse(Formatter.Format(type.Parser.ParseFrom(body)))!.AsObject();
        return new Reply("message", json.ToJsonString()) { HasNumbersAsText = true, Json = json, Tensors = Tensors(json["infer_response"] as JsonObject ?? json) };
    }

    /// <summary>Tensors of an inference: the raw entries stand in the order of the outputs.</summary>
    private static List<ReplyTensor> Tensors(JsonObject message)
    {
        var tensors = new List<ReplyTensor>();
        if (message["outputs"] is JsonArray outputs && message["raw_output_contents"] is JsonArray raw)
        {
            tensors.AddRange(outputs.Zip(raw, (output, data) => new ReplyTensor(
                (string)output!["name"]!, (string)output["datatype"]!, Shape(output["shape"]!), Convert.FromBase64String((string)data!), "raw")));
        }

        return tensors;
    }

    private static string Shape(JsonNode shape) => $"[{string.Join(',', shape.AsArray().Select(extent => extent!.ToString()))}]";
}
