using System.Buffers;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Grpc.Infer;

namespace Serving.Server.Tests.Grpc.Infer;

/// <summary>Random and damaged messages are tried in tests/Fuzz, beside the generated parser.</summary>
public class ModelInferScannerTests
{
    [Fact]
    public void Scan_RawContents_AreSlicesOfTheMessage()
    {
        var bytes = new ModelInferRequest { ModelName = "m", RawInputContents = { ByteString.CopyFrom(1, 2, 3) } }.ToByteArray();

        var scanned = Scan(new ReadOnlySequence<byte>(bytes));
        bytes[^1] = 9;

        Assert.Equal([1, 2, 9], scanned.RawContents[0].ToArray());
    }

    [Theory]
    [InlineData("0A")] // A length is missing.
    [InlineData("0A05 6162")] // Fewer bytes than the length says.
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")] // A length of 2^64 - 1.
    [InlineData("0A8080808080808080808001")] // A varint of eleven bytes.
    [InlineData("00")] // Field number 0.
    [InlineData("07")] // Wire type 7.
    [InlineData("FFFFFFFFFF0F")] // A tag beyond 32 bits.
    [InlineData("0C")] // The end of a group that was not begun.
    [InlineData("5B")] // A group without an end.
    [InlineData("5B64")] // A group with another group's end.
    [InlineData("0A02C328")] // Not UTF-8.
    [InlineData("2A021880")] // A shape cut off.
    public void Scan_MalformedMessage_IsInvalidInput(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        var outcome = ModelInferScanner.Scan(new ReadOnlySequence<byte>(bytes));

        Assert.Equal(InferenceError.InvalidInput, outcome.Failure?.Error);
        Assert.StartsWith("the request is not a valid ModelInferRequest", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_GroupsNestedTooDeep_IsInvalidInput()
    {
        var deep = Enumerable.Repeat((byte)0x5B, 5000).Concat(Enumerable.Repeat((byte)0x5C, 5000)).ToArray();

        Assert.Equal(InferenceError.InvalidInput, ModelInferScanner.Scan(new ReadOnlySequence<byte>(deep)).Failure?.Error);
    }

    [Fact]
    public void Scan_MillionsOfEmptyInputs_IsRefusedEarly()
    {
        var bytes = Enumerable.Repeat<byte[]>([0x2A, 0], 100_000).SelectMany(pair => pair).ToArray();

        var outcome = ModelInferScanner.Scan(new ReadOnlySequence<byte>(bytes));

        Assert.Equal("the request has more than 4096 entries in inputs", outcome.Failure?.Message);
    }

    private static ScannedRequest Scan(ReadOnlySequence<byte> message)
    {
        var outcome = ModelInferScanner.Scan(message);
        Assert.Null(outcome.Failure);
        outcome.TryGetValue(out var request, out _);
        return request!;
    }
}
