using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Grpc.Infer;

namespace Serving.Server.Tests.Grpc.Infer;

public class ModelInferScannerTests
{
    private const long Limit = 1 << 20;

    [Fact]
    public void Scan_RandomLegalMessages_EqualsGeneratedParser()
    {
        var random = new Random(20261122);
        var fuzz = new WireFuzz(random);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = fuzz.Request();
            var expected = ModelInferRequest.Parser.ParseFrom(bytes);
            AssertEqual(expected, Scan(new ReadOnlySequence<byte>(bytes)));
            AssertEqual(expected, Scan(Segments.Split(bytes, random)));
        }
    }

    [Fact]
    public void Scan_MutatedMessages_AgreesWithGeneratedParserAndNeverThrows()
    {
        var random = new Random(42);
        var fuzz = new WireFuzz(random);
        var accepted = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = Mutate(fuzz.Request(), random);
            var outcome = ModelInferScanner.Scan(i % 2 == 0 ? new ReadOnlySequence<byte>(bytes) : Segments.Split(bytes, random));
            if (!outcome.TryGetValue(out var scanned, out var failure))
            {
                Assert.Equal(InferenceError.InvalidInput, failure.Error);
                continue;
            }

            accepted++;
            var prepared = PreparedRequest.Create(scanned, received: 0, deadline: 0, Limit);
            if (prepared.TryGetValue(out var request, out failure))
            {
                AssertEqual(ModelInferRequest.Parser.ParseFrom(bytes), scanned);
                request.Dispose();
            }
            else
            {
                Assert.True(failure.Error is InferenceError.InvalidInput or InferenceError.Unsupported, failure.Message);
            }
        }

        Assert.InRange(accepted, 10_000, 190_000);
    }

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

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var i = random.Next(1, 4); i > 0 && mutated.Count > 0; i--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveRange(at, random.Next(1, mutated.Count - at + 1));
                    break;
                case 3:
                    mutated.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    mutated.InsertRange(at, mutated.GetRange(at, random.Next(1, Math.Min(16, mutated.Count - at) + 1)));
                    break;
            }
        }

        return [.. mutated];
    }

    private static void AssertEqual(ModelInferRequest expected, ScannedRequest actual)
    {
        Assert.Equal(expected.ModelName, actual.ModelName);
        Assert.Equal(expected.ModelVersion, actual.ModelVersion);
        Assert.Equal(expected.Id, actual.Id);
        Assert.Equal(expected.Outputs.Select(output => output.Name), actual.Outputs ?? []);
        Assert.Equal(expected.RawInputContents.Select(raw => raw.ToBase64()), actual.RawContents.Select(raw => Convert.ToBase64String(raw.ToArray())));
        AssertEqual(expected.Parameters.GetValueOrDefault("timeout"), actual.Timeout);
        AssertEqual(expected.Parameters.GetValueOrDefault("priority"), actual.Priority);
        Assert.Equal(expected.Inputs.Count, actual.Inputs.Count);
        for (var i = 0; i < expected.Inputs.Count; i++)
        {
            AssertEqual(expected.Inputs[i], actual.Inputs[i]);
        }
    }

    private static void AssertEqual(InferParameter? expected, ParameterValue? actual)
    {
        var text = expected?.ParameterChoiceCase switch
        {
            null => null,
            InferParameter.ParameterChoiceOneofCase.None => "nothing",
            InferParameter.ParameterChoiceOneofCase.BoolParam => expected.BoolParam ? "true" : "false",
            InferParameter.ParameterChoiceOneofCase.Int64Param => FormattableString.Invariant($"{expected.Int64Param}"),
            InferParameter.ParameterChoiceOneofCase.Uint64Param => FormattableString.Invariant($"{expected.Uint64Param}"),
            InferParameter.ParameterChoiceOneofCase.DoubleParam => FormattableString.Invariant($"{expected.DoubleParam}"),
            _ => $"'{expected.StringParam}'",
        };
        Assert.Equal(text, actual?.ToString());
    }

    private static void AssertEqual(ModelInferRequest.Types.InferInputTensor expected, in ScannedInput actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Datatype, actual.Datatype);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Contents is not null, actual.HasContents);
        if (expected.Contents is null || !ElementTypes.TryParse(expected.Datatype, out var type))
        {
            return;
        }

        if (TypedContents.Convert(actual, type, "m", Limit).TryGetValue(out var buffer, out _))
        {
            Assert.Equal(Reference(expected.Contents, type), buffer.GetSpan().ToArray());
            buffer.Dispose();
        }
        else
        {
            // Only mutated messages come here, and only those whose numbers or counts do not fit.
            var fits = expected.Shape.Count == 1 && expected.Shape[0] == Count(expected.Contents, type) && Count(expected.Contents, type) == TotalCount(expected.Contents);
            Assert.False(fits && type is not (ElementType.Int8 or ElementType.Int16 or ElementType.UInt8 or ElementType.UInt16));
        }
    }

    private static int Count(InferTensorContents contents, ElementType type) => type switch
    {
        ElementType.Bool => contents.BoolContents.Count,
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 => contents.IntContents.Count,
        ElementType.Int64 => contents.Int64Contents.Count,
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 => contents.UintContents.Count,
        ElementType.UInt64 => contents.Uint64Contents.Count,
        ElementType.Float32 => contents.Fp32Contents.Count,
        ElementType.Float64 => contents.Fp64Contents.Count,
        ElementType.Bytes => contents.BytesContents.Count,
        _ => -1,
    };

    private static int TotalCount(InferTensorContents contents) =>
        contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count
        + contents.Uint64Contents.Count + contents.Fp32Contents.Count + contents.Fp64Contents.Count + contents.BytesContents.Count;

    private static byte[] Reference(InferTensorContents contents, ElementType type) => type switch
    {
        ElementType.Bool => [.. contents.BoolContents.Select(value => value ? (byte)1 : (byte)0)],
        ElementType.Int8 => [.. contents.IntContents.Select(value => (byte)checked((sbyte)value))],
        ElementType.Int16 => [.. contents.IntContents.SelectMany(value => BitConverter.GetBytes(checked((short)value)))],
        ElementType.Int32 => [.. contents.IntContents.SelectMany(BitConverter.GetBytes)],
        ElementType.Int64 => [.. contents.Int64Contents.SelectMany(BitConverter.GetBytes)],
        ElementType.UInt8 => [.. contents.UintContents.Select(value => checked((byte)value))],
        ElementType.UInt16 => [.. contents.UintContents.SelectMany(value => BitConverter.GetBytes(checked((ushort)value)))],
        ElementType.UInt32 => [.. contents.UintContents.SelectMany(BitConverter.GetBytes)],
        ElementType.UInt64 => [.. contents.Uint64Contents.SelectMany(BitConverter.GetBytes)],
        ElementType.Float32 => [.. contents.Fp32Contents.SelectMany(BitConverter.GetBytes)],
        ElementType.Float64 => [.. contents.Fp64Contents.SelectMany(BitConverter.GetBytes)],
        _ => [.. contents.BytesContents.SelectMany(WithPrefix)],
    };

    private static byte[] WithPrefix(ByteString value)
    {
        var prefix = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, (uint)value.Length);
        return [.. prefix, .. value];
    }
}
