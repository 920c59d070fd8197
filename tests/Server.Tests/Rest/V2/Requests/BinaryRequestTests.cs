using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2.Requests;

/// <summary>The rules of the binary tensor extension on the way in.</summary>
public sealed class BinaryRequestTests
{
    [Fact]
    public void Read_MixedInputs_OnlyBinaryOnesTakeBytesInOrder()
    {
        const string Json = """
            {"inputs":[
              {"name":"a","shape":[2],"datatype":"UINT8","parameters":{"binary_data_size":2}},
              {"name":"b","shape":[1],"datatype":"UINT8","data":[9]},
              {"name":"c","shape":[1],"datatype":"UINT16","parameters":{"binary_data_size":2}}]}
            """;
        using var decoded = Decoded.Valid(Decoded.Read(Json, [1, 2, 3, 4]));
        Assert.Equal([[1, 2], [9], [3, 4]], decoded.Request.Inputs.Select(i => i.Bytes()));
    }

    [Fact]
    public void Read_BinaryInput_IsASliceOfTheBody()
    {
        var json = """{"inputs":[{"name":"a","shape":[2],"datatype":"UINT8","parameters":{"binary_data_size":2}}]}"""u8.ToArray();
        byte[] body = [.. json, 1, 2];
        using var decoded = Decoded.Valid(InferRequestReader.Read(body, Decoded.Target(json.Length)));
        body[^1] = 77;
        Assert.Equal([1, 77], decoded.Request.Inputs[0].Bytes());
    }

    [Fact]
    public void Read_SizeZero_IsAnEmptyTensor()
    {
        using var withHeader = Decoded.Valid(Decoded.Read(Input("FP32", "[0,4]", 0), []));
        using var without = Decoded.Valid(Decoded.Read(Input("FP32", "[0,4]", 0)));
        Assert.Empty(withHeader.Request.Inputs[0].Bytes());
        Assert.Empty(without.Request.Inputs[0].Bytes());
    }

    [Theory]
    [InlineData("UINT8", "[2]", 2, 3, "unexpected additional input data for model 'm': 1 bytes")]
    [InlineData("UINT8", "[2]", 2, 1, "unexpected size for input 'x', expecting 1 additional bytes for model 'm'")]
    [InlineData("UINT8", "[3]", 2, 2, "unexpected size for input 'x': expected 3 bytes for UINT8 [3], got 2")]
    [InlineData("FP64", "[3]", 23, 23, "expected 24 bytes for FP64 [3], got 23")]
    [InlineData("BYTES", "[1]", 3, 3, "do not add up")]
    [InlineData("BYTES", "[2]", 4, 4, "input 'x' expects 2 elements by its shape [2], got 1")]
    [InlineData("UINT8", "[9223372036854775807,4]", 2, 2, "cannot be counted")]
    [InlineData("FP64", "[4611686018427387904]", 0, 0, "expected 36893488147419103232 bytes")]
    public void Read_SizesThatContradict_AreDescribed(string type, string shape, int announced, int sent, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Decoded.Read(Input(type, shape, announced), new byte[sent])));

    [Fact]
    public void Read_BinaryInputWithoutTheHeader_LacksItsBytes() =>
        Assert.Contains("expecting 2 additional bytes", Decoded.Refused(Decoded.Read(Input("UINT8", "[2]", 2))));

    [Fact]
    public void Read_BoolOtherThanZeroAndOne_IsRefused() =>
        Assert.Contains("element 1: 2 is not a BOOL", Decoded.Refused(Decoded.Read(Input("BOOL", "[2]", 2), [1, 2])));

    [Fact]
    public void Read_HeaderBeyondTheBody_IsRefused() => Assert.Contains(
        "Inference-Header-Content-Length is 100, expected at most the body's 13 bytes",
        Decoded.Refused(InferRequestReader.Read("""{"inputs":[]}"""u8.ToArray(), Decoded.Target(100))));

    [Fact]
    public void Raw_OneOpenAxis_FollowsFromTheSize()
    {
        using var decoded = Decoded.Valid(Raw(new byte[24], Signature(ElementType.Float32, 1, -1, 2)));
        Assert.Equal([1, 3, 2], decoded.Request.Inputs[0].Shape.ToArray());
        Assert.True(decoded.Outputs.IsBinary("anything"));
    }

    [Fact]
    public void Raw_ModelThatBatches_IsBatchOfOne()
    {
        using var decoded = Decoded.Valid(Raw(new byte[24], Signature(ElementType.Float32, -1, -1, 2), batchAxis: 0));
        Assert.Equal([1, 3, 2], decoded.Request.Inputs[0].Shape.ToArray());
    }

    [Fact]
    public void Raw_Bytes_AreOneElementWithoutLength()
    {
        using var decoded = Decoded.Valid(Raw([65, 66], Signature(ElementType.Bytes, -1)));
        Assert.Equal([2, 0, 0, 0, 65, 66], decoded.Request.Inputs[0].Bytes());
        Assert.Equal([1], decoded.Request.Inputs[0].Shape.ToArray());
    }

    [Theory]
    [InlineData(ElementType.Float32, new long[] { -1, -1 }, 24)]
    [InlineData(ElementType.Bytes, new long[] { 2 }, 24)]
    [InlineData(ElementType.Float32, new long[] { -1, 4 }, 24)]
    [InlineData(ElementType.Float32, new long[] { 4 }, 24)]
    public void Raw_ShapeThatDoesNotFollow_IsRefused(ElementType type, long[] shape, int length) =>
        Assert.Contains("input 'x'", Decoded.Refused(Raw(new byte[length], Signature(type, shape))));

    [Fact]
    public void Raw_ModelWithSeveralInputs_IsRefused() => Assert.Contains("has 2", Decoded.Refused(
        RawRequestReader.Read(new byte[4], [Signature(ElementType.Float32, 1), Signature(ElementType.Float32, 1)], null, Decoded.Target(0))));

    private static Outcome<DecodedRequest> Raw(byte[] body, TensorSignature signature, int? batchAxis = null) =>
        RawRequestReader.Read(body, [signature], batchAxis, Decoded.Target(0));

    private static TensorSignature Signature(ElementType type, params long[] shape) => new("x", type, new TensorShape(shape), []);

    private static string Input(string type, string shape, int size) =>
        $$$"""{"inputs":[{"name":"x","shape":{{{shape}}},"datatype":"{{{type}}}","parameters":{"binary_data_size":{{{size}}}}}]}""";
}
