using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using Serving.Contracts.Inference;

namespace Serving.Server.Hosting.Rehearsal;

/// <summary>What the rehearsal's clients send: requests to its one model, in every form in which tensors come.</summary>
internal static class RehearsalRequests
{
    /// <summary>The model: <c>ids</c> come back as <c>same</c>, the squares of <c>values</c> as <c>squares</c>.</summary>
    public const string Model = "echo";

    /// <summary>Not sampled: where traces are exported, the rehearsal is not in them.</summary>
    private const string TraceParent = "00-5265686561727361006c000000000001-5265686561727301-00";

    /// <summary>A request of HTTP/1.1 without a body.</summary>
    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: rehearsal\r\ntraceparent: {TraceParent}\r\n\r\n");

    /// <summary>An inference over REST with tensors as JSON numbers.</summary>
    public static byte[] Json(int length)
    {
        var ids = string.Join(',', Enumerable.Range(100, length));
        var values = string.Join(',', Enumerable.Range(0, length).Select(i => i + 0.25));
        var body = $$"""{"inputs":[{{Input("ids", "INT64", length, $"\"data\":[{ids}]")}},{{Input("values", "FP32", length, $"\"data\":[{values}]")}}]}""";
        return Post("", Encoding.ASCII.GetBytes(body), []);
    }

    /// <summary>An inference over REST with tensors as bytes behind the JSON, and the same for the answer.</summary>
    public static byte[] Binary(int length)
    {
        var ids = Input("ids", "INT64", length, $"\"parameters\":{{\"binary_data_size\":{length * sizeof(long)}}}");
        var values = Input("values", "FP32", length, $"\"parameters\":{{\"binary_data_size\":{length * sizeof(float)}}}");
        var json = Encoding.ASCII.GetBytes($$"""{"parameters":{"binary_data_output":true},"inputs":[{{ids}},{{values}}]}""");
        return Post($"Inference-Header-Content-Length: {json.Length}\r\n", json, [.. Ids(length), .. Values(length)]);
    }

    /// <summary>An inference over gRPC with raw tensors, framed.</summary>
    public static byte[] Grpc(int length)
    {
        var request = new ModelInferRequest
        {
            ModelName = Model,
            Inputs = { Tensor("ids", "INT64", length), Tensor("values", "FP32", length) },
            RawInputContents = { ByteString.CopyFrom(Ids(length)), ByteString.CopyFrom(Values(length)) },
        };
        var framed = new byte[5 + request.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), framed.Length - 5);
        request.WriteTo(framed.AsSpan(5));
        return framed;
    }

    /// <summary>The headers of a gRPC call.</summary>
    public static IEnumerable<(string Name, string Value)> GrpcHeaders =>
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", "/inference.GRPCInferenceService/ModelInfer"),
        (":authority", "rehearsal"),
        ("te", "trailers"),
        ("content-type", "application/grpc"),
        ("grpc-timeout", "30S"),
        ("traceparent", TraceParent),
    ];

    private static string Input(string name, string type, int length, string rest) =>
        $$"""{"name":"{{name}}","datatype":"{{type}}","shape":[1,{{length}}],{{rest}}}""";

    private static byte[] Post(string header, byte[] json, byte[] tensors) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST /v2/models/{Model}/infer HTTP/1.1\r\nHost: rehearsal\r\nContent-Type: application/json\r\ntraceparent: {TraceParent}\r\n"
            + $"{header}Content-Length: {json.Length + tensors.Length}\r\n\r\n"),
        .. json,
        .. tensors,
    ];

    private static ModelInferRequest.Types.InferInputTensor Tensor(string name, string type, int length) =>
        new() { Name = name, Datatype = type, Shape = { 1, length } };

    private static byte[] Ids(int length) => MemoryMarshal.AsBytes<long>([.. Enumerable.Range(100, length)]).ToArray();

    private static byte[] Values(int length) => MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, length).Select(i => i + 0.25f)]).ToArray();
}
