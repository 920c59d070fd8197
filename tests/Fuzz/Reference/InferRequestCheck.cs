using System.Buffers;
using System.Text.Unicode;
using Serving.Fuzz.Engine;
using Serving.Runtime.Inference;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Fuzz.Reference;

/// <summary>Reads an infer request over REST, and holds the outcome against <see cref="InferReference"/>.</summary>
internal static class InferRequestCheck
{
    private const string NotJson = "the request is not valid JSON";
    private const string NotUtf8 = "the request's JSON is not valid UTF-8";

    /// <summary>The tables that the first long number makes are not the cost of an input.</summary>
    static InferRequestCheck()
    {
        var body = """{"inputs":[{"name":"x","shape":[2],"datatype":"FP64","data":[-0.0015506744384765625,1234567890123456789e-30]}]}"""u8.ToArray();
        if (InferRequestReader.Read(body, Target(null)).TryGetValue(out var decoded, out _))
        {
            decoded.Dispose();
        }
    }

    /// <param name="body">The whole body.</param>
    /// <param name="jsonLength">The header that says where its JSON ends; null where there is none.</param>
    public static Verdict Check(byte[] body, int? jsonLength)
    {
        var cost = Cost.Start();
        var outcome = InferRequestReader.Read(body, Target(jsonLength));
        cost.AtMost(128 * 1024 + (128L * body.Length));
        if (jsonLength > body.Length)
        {
            Finding.Unless(outcome.Failure?.Error == InferenceError.InvalidInput, "a header that is longer than the body is accepted");
            return Verdict.Refused(outcome.Failure!.Message);
        }

        var end = jsonLength ?? body.Length;
        var reference = InferReference.Read(body.AsMemory(0, end), body.AsSpan(end));
        if (!outcome.TryGetValue(out var decoded, out var failure))
        {
            Refused(reference, failure, body.AsSpan(0, end));
            return Verdict.Refused(failure.Message);
        }

        using (decoded)
        {
            Accepted(reference, decoded.Request);
            return Verdict.Accepted(decoded.Request.Inputs is [var first, ..] ? $"{first.Type} {Math.Min(3, first.Shape.Rank)}" : "no inputs");
        }
    }

    private static InferTarget Target(int? jsonLength) => new("m", null, new InferHeaders(jsonLength, null, 0), 1000, TimeProvider.System);

    private static void Refused(InferReference reference, InferenceFailure failure, ReadOnlySpan<byte> json)
    {
        Finding.Unless(
            failure.Error is InferenceError.InvalidInput or InferenceError.Unsupported or InferenceError.TooLarge, $"refused as {failure.Error}");
        Finding.Unless(failure.Message.Length > 0, "a refusal has no text");
        Finding.Unless(reference.Judgement != Judgement.Valid, $"a valid request is refused: {failure.Message}");
        Finding.Unless(!failure.Message.StartsWith(NotJson, StringComparison.Ordinal) || !reference.IsJson, "JSON is called none");
        Finding.Unless(failure.Message != NotUtf8 || !Utf8.IsValid(json), "UTF-8 is called none");
    }

    private static void Accepted(InferReference reference, InferenceRequest request)
    {
        Finding.Unless(reference.Judgement != Judgement.Invalid, "an invalid request is accepted");
        Finding.Unless(reference.Inputs.Count == request.Inputs.Count, "the number of inputs differs");
        for (var i = 0; i < request.Inputs.Count; i++)
        {
            var (expected, actual) = (reference.Inputs[i], request.Inputs[i]);
            Finding.Unless(expected.Name == actual.Name, "an input's name differs");
            if (expected.IsComplete)
            {
                Finding.Unless(expected.Type == actual.Type && expected.Shape == actual.Shape, "an input's type or shape differs");
                Finding.Unless(
                    expected.Judgement == Judgement.Unknown || reference.Inputs.Any(input => input.HasOtherParameters) || expected.Bytes.SequenceEqual(actual.Data.ToArray()),
                    "an input's data differ");
            }
        }
    }
}
