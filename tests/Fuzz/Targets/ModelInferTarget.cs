using System.Buffers;
using Serving.Contracts.Inference;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Reference;
using Serving.Fuzz.Wire;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Infer;
using Serving.Server.Tests.Grpc;

namespace Serving.Fuzz.Targets;

/// <summary>
/// The scanner of ModelInferRequest, held against the parser that protoc generates: what one accepts, the other accepts with the same
/// values, and what one refuses, the other refuses. Where they may differ is in <see cref="Strictness"/>. The scanner leaves typed
/// contents as they are until <see cref="PreparedRequest.Create"/>; malformed ones count as refused when they are refused there.
/// </summary>
internal sealed class ModelInferTarget : FuzzTarget
{
    private const string MalformedText = "the request is not a valid ModelInferRequest";

    public override string Name => "model-infer";

    public override int Rounds => 1_000_000;

    /// <summary>Tags of the request's fields in all layouts, lengths, empty fields, ends of groups.</summary>
    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Enumerable.Range(0x08, 0x3F).Select(tag => (byte[])[(byte)tag]), .. Enumerable.Range(1, 8).Select(field => (byte[])[(byte)((field << 3) | 2), 0]),
        [0x2A, 2, 0x2A, 0], [0x8A, 0], [0x0A, 0x80, 0], [0x0A, 1, 0x80], [0x12, 1, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02], [0xFB, 0xFF, 0xFF, 0xFF, 0x0F], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        .. Words("timeout", "priority", "triton_x", "shared_memory_region", "classification", "FP32", "BYTES", "INT8", "BF16", "BOOL", "UINT64"),
    ];

    public override IEnumerable<byte[]> Seeds(Random random)
    {
        var requests = new RandomRequest(random);
        return Enumerable.Range(0, 1000).Select(_ => requests.Next());
    }

    public override Verdict Try(byte[] input)
    {
        var chance = ChanceOf(input);
        var message = chance.Next(2) == 0 ? new ReadOnlySequence<byte>(input) : Segments.Split(input, chance);
        var cost = Cost.Start();
        var outcome = ModelInferScanner.Scan(message);
        cost.AtMost(16 * 1024 + (128L * input.Length));

        var expected = Parse(input);
        return outcome.TryGetValue(out var scanned, out var failure) ? Accepted(input, expected, scanned) : Refused(input, expected, failure);
    }

    private static Verdict Refused(byte[] input, ModelInferRequest? expected, InferenceFailure failure)
    {
        Finding.Unless(failure.Error == InferenceError.InvalidInput, $"refused as {failure.Error}");
        Finding.Unless(expected is null || Strictness.Allows(input, expected), $"the generated parser accepts what is refused here: {failure.Message}");
        return Verdict.Refused(failure.Message);
    }

    private static Verdict Accepted(byte[] input, ModelInferRequest? expected, ScannedRequest scanned)
    {
        if (expected is not null)
        {
            RequestComparison.Check(input, expected, scanned);
        }

        var created = PreparedRequest.Create(scanned, received: 0, deadline: 0, limit: 1 << 20);
        if (!created.TryGetValue(out var request, out var failure))
        {
            Finding.Unless(failure.Error is InferenceError.InvalidInput or InferenceError.Unsupported, $"refused as {failure.Error}");
            var isMalformed = failure.Message.StartsWith(MalformedText, StringComparison.Ordinal);
            Finding.Unless(!isMalformed || expected is null || Strictness.Allows(input, expected), $"the generated parser accepts what is refused here: {failure.Message}");
            return Verdict.Refused(failure.Message);
        }

        using (request)
        {
            Finding.Unless(expected is not null || Strictness.IsDeep(input), "the generated parser refuses what is accepted here");
            return Verdict.Accepted($"{Math.Min(3, scanned.Inputs.Count)} inputs of {(scanned.RawContents.Count > 0 ? "raw" : "typed")} data");
        }
    }

    private static ModelInferRequest? Parse(byte[] input)
    {
        try
        {
            return ModelInferRequest.Parser.ParseFrom(input);
        }
        catch (Exception)
        {
            // Mostly InvalidProtocolBufferException; but lengths near 2^31 lead the parser out of its buffer.
            return null;
        }
    }
}
