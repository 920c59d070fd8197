using System.Buffers;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Grpc.Infer;
using Input = Serving.Contracts.Inference.ModelInferRequest.Types.InferInputTensor;

namespace Serving.Server.Tests.Grpc.Infer;

[Collection(Serial.Name)]
public class PreparedRequestTests
{
    private const long Limit = 1024;

    [Fact]
    public void Create_RawContents_PassesSlicesOn()
    {
        var message = Message(new Input { Name = "x", Datatype = "FP16", Shape = { 1, 2 } });
        message.RawInputContents.Add(ByteString.CopyFrom(1, 2, 3, 4));
        message.Id = "7";
        message.ModelVersion = "3";
        message.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "y" });
        message.Parameters["priority"] = new InferParameter { Uint64Param = 2 };
        message.Parameters["sequence_id"] = new InferParameter { Int64Param = 9 };

        using var prepared = Create(message);

        var request = prepared.Request;
        Assert.Equal(("m", "3", "7", 2), (request.ModelName, request.ModelVersion, request.Id, request.Priority));
        Assert.Equal((5L, 6L), (request.Received, request.Deadline));
        Assert.Equal(["y"], request.Outputs!);
        var input = Assert.Single(request.Inputs);
        Assert.Equal(("x", ElementType.Float16, "[1,2]"), (input.Name, input.Type, input.Shape.ToString()));
        Assert.Equal([1, 2, 3, 4], input.Data.ToArray());
    }

    [Fact]
    public void Create_BytesContents_GetsLengthPrefixes()
    {
        using var prepared = Create(Message(new Input
        {
            Name = "x",
            Datatype = "BYTES",
            Shape = { 2 },
            Contents = new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("ab"), ByteString.Empty } },
        }));

        Assert.Equal([2, 0, 0, 0, (byte)'a', (byte)'b', 0, 0, 0, 0], prepared.Request.Inputs[0].Data.ToArray());
    }

    [Fact]
    public void Create_EmptyTensorWithoutData_IsAccepted()
    {
        using var prepared = Create(Message(new Input { Name = "x", Datatype = "FP32", Shape = { 0, 4 } }));

        Assert.True(prepared.Request.Inputs[0].Data.IsEmpty);
    }

    [Fact]
    public void Create_ContentsBesideRaw_IsInvalid()
    {
        var message = Message(new Input { Name = "x", Datatype = "INT64", Shape = { 1 }, Contents = new InferTensorContents() });
        message.RawInputContents.Add(ByteString.CopyFrom(new byte[8]));

        AssertFails(message, InferenceError.InvalidInput, "contents field must not be specified when using raw_input_contents for 'x' for model 'm'");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    public void Create_OtherNumberOfRawEntries_IsInvalid(int inputs, int entries)
    {
        var message = Message([.. Enumerable.Range(0, inputs).Select(i => new Input { Name = $"x{i}", Datatype = "INT8", Shape = { 1 } })]);
        message.RawInputContents.AddRange(Enumerable.Repeat(ByteString.CopyFrom(1), entries));

        AssertFails(
            message,
            InferenceError.InvalidInput,
            $"expected one entry of raw_input_contents for each input of the request for model 'm': it has {inputs} inputs and {entries} entries");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Create_InputWithoutData_IsInvalid(bool emptyContents)
    {
        var input = new Input { Name = "x", Datatype = "FP32", Shape = { 2 }, Contents = emptyContents ? new InferTensorContents() : null };

        AssertFails(Message(input), InferenceError.InvalidInput, "unable to find data for input tensor 'x' for model 'm' in request");
    }

    [Theory]
    [InlineData("FP16")]
    [InlineData("BF16")]
    public void Create_HalfPrecisionContents_IsInvalid(string type)
    {
        var input = new Input { Name = "x", Datatype = type, Shape = { 1 }, Contents = new InferTensorContents { Fp32Contents = { 1 } } };

        AssertFails(Message(input), InferenceError.InvalidInput, $"input 'x' of model 'm' is {type}, which has no typed contents; send it in raw_input_contents");
    }

    [Fact]
    public void Create_ContentsInWrongField_IsInvalid()
    {
        var input = new Input { Name = "x", Datatype = "FP32", Shape = { 1 }, Contents = new InferTensorContents { Fp64Contents = { 1 } } };

        AssertFails(
            Message(input), InferenceError.InvalidInput, "input 'x' of model 'm' is FP32, whose elements belong in fp32_contents, but fp64_contents is set");
    }

    [Fact]
    public void Create_OtherNumberOfElements_IsInvalid()
    {
        var input = new Input { Name = "x", Datatype = "INT32", Shape = { 2, 3 }, Contents = new InferTensorContents { IntContents = { 1, 2, 3, 4, 5 } } };

        AssertFails(
            Message(input),
            InferenceError.InvalidInput,
            "unexpected number of elements for input 'x' of model 'm': shape [2,3] has 6, but int_contents has 5");
    }

    [Theory]
    [InlineData("INT8", 128)]
    [InlineData("INT8", -129)]
    [InlineData("INT16", 32768)]
    public void Create_NumberOutOfRange_IsInvalid(string type, int value)
    {
        var input = new Input { Name = "x", Datatype = type, Shape = { 2 }, Contents = new InferTensorContents { IntContents = { 0, value } } };

        AssertFails(Message(input), InferenceError.InvalidInput, $"element 1 of input 'x' is {value}, which {type} cannot hold");
    }

    [Fact]
    public void Create_UnsignedNumberOutOfRange_IsInvalid()
    {
        var input = new Input { Name = "x", Datatype = "UINT8", Shape = { 1 }, Contents = new InferTensorContents { UintContents = { 256 } } };

        AssertFails(Message(input), InferenceError.InvalidInput, "element 0 of input 'x' is 256, which UINT8 cannot hold");
    }

    [Fact]
    public void Create_ContentsThatGrowOverTheLimit_IsTooLarge()
    {
        var contents = new InferTensorContents { Int64Contents = { Enumerable.Repeat(1L, 200) } };

        AssertFails(
            Message(new Input { Name = "x", Datatype = "INT64", Shape = { 200 }, Contents = contents }),
            InferenceError.TooLarge,
            "input 'x' takes 1600 bytes as INT64; the server accepts at most 1024 (option --max-request-bytes)");
    }

    [Fact]
    public void Create_ImpossibleShape_IsInvalid()
    {
        var input = new Input { Name = "x", Datatype = "INT64", Shape = { -1 }, Contents = new InferTensorContents { Int64Contents = { 1 } } };

        AssertFails(Message(input), InferenceError.InvalidInput, "input 'x' of model 'm' has the impossible shape [-1]");
    }

    [Fact]
    public void Create_UnknownDatatype_IsInvalid()
    {
        var outcome = Outcome(Message(new Input { Name = "x", Datatype = "STRING", Shape = { 1 } }));

        Assert.StartsWith("input 'x' of model 'm' has the unknown datatype 'STRING'; known are BOOL, ", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_InputInSharedMemory_IsUnsupported()
    {
        var input = new Input { Name = "x", Datatype = "FP32", Shape = { 1 } };
        input.Parameters["shared_memory_region"] = new InferParameter { StringParam = "r" };
        input.Parameters["shared_memory_byte_size"] = new InferParameter { Int64Param = 4 };

        AssertFails(Message(input), InferenceError.Unsupported, "shared memory cannot be used here");
    }

    [Theory]
    [InlineData("shared_memory_region", "invalid value type for 'shared_memory_region' parameter of output 'y', expected string_param")]
    [InlineData("shared_memory_offset", "'shared_memory_offset' can not be specified without 'shared_memory_region' parameter for output 'y'")]
    [InlineData("shared_memory_byte_size", "'shared_memory_byte_size' can not be specified without 'shared_memory_region' parameter for output 'y'")]
    public void Create_OutputWithHalfAPlace_IsInvalid(string parameter, string text)
    {
        var message = Message();
        message.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor
        {
            Name = "y",
            Parameters = { [parameter] = new InferParameter { Int64Param = 5 } },
        });

        AssertFails(message, InferenceError.InvalidInput, text);
    }

    [Fact]
    public void Create_Classification_IsADemand()
    {
        var message = Message();
        foreach (var (name, count) in (ReadOnlySpan<(string, long)>)[("none", 0), ("some", 3), ("all", long.MaxValue)])
        {
            message.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor
            {
                Name = name,
                Parameters = { ["classification"] = new InferParameter { Int64Param = count } },
            });
        }

        using var prepared = Create(message);

        Assert.Equal([("some", 3), ("all", int.MaxValue)], prepared.Demands.Select(demand => (demand.Output, demand.Classes)));
    }

    [Fact]
    public void Create_ClassificationThatIsNoCount_IsInvalid()
    {
        var message = Message();
        message.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor
        {
            Name = "y",
            Parameters = { ["classification"] = new InferParameter { StringParam = "3" } },
        });

        AssertFails(message, InferenceError.InvalidInput, "invalid value type for 'classification' parameter of output 'y', expected int64_param that is not negative");
    }

    [Theory]
    [InlineData("sequence_id", true, "int64_param, uint64_param or string_param")]
    [InlineData("sequence_start", false, "bool_param")]
    [InlineData("sequence_end", false, "bool_param")]
    [InlineData("triton_enable_empty_final_response", false, "bool_param")]
    public void Create_ParameterOfAnotherType_IsInvalid(string parameter, bool boolean, string expected)
    {
        var message = Message();
        message.Parameters[parameter] = boolean ? new InferParameter { BoolParam = true } : new InferParameter { Int64Param = 1 };

        AssertFails(message, InferenceError.InvalidInput, $"invalid value type for '{parameter}' parameter of the request, expected {expected}");
    }

    [Fact]
    public void Create_ParametersOfNoConsequence_AreAccepted()
    {
        var message = Message();
        message.Parameters["sequence_id"] = new InferParameter { StringParam = "a" };
        message.Parameters["sequence_start"] = new InferParameter { BoolParam = true };
        message.Parameters["headers"] = new InferParameter { StringParam = "h" };
        message.Parameters["mine"] = new InferParameter { DoubleParam = 1.5 };

        Create(message).Dispose();
    }

    [Fact]
    public void Create_ReservedParameter_IsInvalid()
    {
        var message = Message();
        message.Parameters["triton_enable_empty_final_response"] = new InferParameter { BoolParam = true };
        Create(message).Dispose();
        message.Parameters["triton_final_response"] = new InferParameter { BoolParam = true };

        AssertFails(
            message,
            InferenceError.InvalidInput,
            "parameter 'triton_final_response' is reserved: names that start with 'triton_' are not for clients, except triton_enable_empty_final_response");
    }

    [Fact]
    public void Create_PriorityThatIsNoCount_IsInvalid()
    {
        var message = Message();
        message.Parameters["priority"] = new InferParameter { Int64Param = -1 };

        AssertFails(message, InferenceError.InvalidInput, "parameter 'priority' is -1; expected a whole number, not negative");
    }

    [Fact]
    public void Create_HugePriority_IsTheLeastUrgent()
    {
        var message = Message();
        message.Parameters["priority"] = new InferParameter { Uint64Param = ulong.MaxValue };

        using var prepared = Create(message);

        Assert.Equal(int.MaxValue, prepared.Request.Priority);
    }

    [Fact]
    public void Create_SecondInputFails_ReturnsTheFirstOnesMemory()
    {
        var rented = BufferPool.Shared.RentedBytes;
        var good = new Input { Name = "a", Datatype = "INT64", Shape = { 1 }, Contents = new InferTensorContents { Int64Contents = { 1 } } };
        var bad = new Input { Name = "b", Datatype = "INT8", Shape = { 1 }, Contents = new InferTensorContents { IntContents = { 1000 } } };

        Assert.NotNull(Outcome(Message(good, bad)).Failure);
        using (Create(Message(good)))
        {
            Assert.True(BufferPool.Shared.RentedBytes > rented);
        }

        Assert.Equal(rented, BufferPool.Shared.RentedBytes);
    }

    [Theory]
    [InlineData(0L, null)]
    [InlineData(1500L, 1500L)]
    [InlineData(long.MaxValue, 31_536_000_000_000L)]
    public void TryGetTimeout_Microseconds_AreRead(long sent, long? expected)
    {
        var message = Message();
        message.Parameters["timeout"] = new InferParameter { Int64Param = sent };

        Assert.Null(InferRules.TryGetTimeout(Scan(message), out var timeout));

        Assert.Equal(expected, timeout is { } value ? (long)value.TotalMicroseconds : null);
    }

    [Fact]
    public void TryGetTimeout_Text_IsRead()
    {
        var message = Message();
        message.Parameters["timeout"] = new InferParameter { StringParam = "2500" };

        Assert.Null(InferRules.TryGetTimeout(Scan(message), out var timeout));

        Assert.Equal(TimeSpan.FromMicroseconds(2500), timeout);
    }

    [Fact]
    public void TryGetTimeout_NoCount_IsInvalid()
    {
        var message = Message();
        message.Parameters["timeout"] = new InferParameter { StringParam = "soon" };

        var failure = InferRules.TryGetTimeout(Scan(message), out _);

        Assert.Equal("parameter 'timeout' is 'soon'; expected a whole number of microseconds, not negative", failure?.Message);
    }

    private static ModelInferRequest Message(params Input[] inputs) => new() { ModelName = "m", Inputs = { inputs } };

    private static ScannedRequest Scan(ModelInferRequest message)
    {
        ModelInferScanner.Scan(new ReadOnlySequence<byte>(message.ToByteArray())).TryGetValue(out var scanned, out var failure);
        Assert.Null(failure);
        return scanned!;
    }

    private static Outcome<PreparedRequest> Outcome(ModelInferRequest message) => PreparedRequest.Create(Scan(message), received: 5, deadline: 6, Limit);

    private static PreparedRequest Create(ModelInferRequest message)
    {
        Outcome(message).TryGetValue(out var prepared, out var failure);
        Assert.Null(failure);
        return prepared!;
    }

    private static void AssertFails(ModelInferRequest message, InferenceError error, string text)
    {
        var failure = Outcome(message).Failure;
        Assert.Equal(text, failure?.Message);
        Assert.Equal(error, failure?.Error);
    }
}
