using System.Buffers;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2.Requests;

/// <summary>Decodes requests as the infer endpoint does.</summary>
internal static class Decoded
{
    public const string Model = "m";

    public static InferTarget Target(int? jsonLength = null, TimeSpan? timeout = null, int priority = 0) =>
        new(Model, null, new InferHeaders(jsonLength, timeout, priority), 1000, TimeProvider.System);

    public static Outcome<DecodedRequest> Read(string json, byte[]? binary = null)
    {
        var text = Encoding.UTF8.GetBytes(json);
        return InferRequestReader.Read((byte[])[.. text, .. binary ?? []], Target(binary is null ? null : text.Length));
    }

    public static Outcome<DecodedRequest> ReadInput(string fields) => Read($$$"""{"inputs":[{{{{fields}}}}]}""");

    /// <summary>The decoded request, where it must be valid.</summary>
    public static DecodedRequest Valid(Outcome<DecodedRequest> outcome)
    {
        Assert.True(outcome.TryGetValue(out var decoded, out var failure), failure?.Message);
        return decoded!;
    }

    /// <summary>The failure, where it must be one of this kind.</summary>
    public static string Refused(Outcome<DecodedRequest> outcome, InferenceError error = InferenceError.InvalidInput)
    {
        Assert.False(outcome.TryGetValue(out _, out var failure), "the request was accepted");
        Assert.Equal(error, failure!.Error);
        return failure.Message;
    }

    public static byte[] Bytes(this InputTensor input) => input.Data.ToArray();
}
