using System.Buffers.Binary;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Rest.V2.Requests;

/// <summary>What is accepted as a tensor's data in JSON, and how a wrong one is described.</summary>
public sealed class TensorDataTests
{
    [Theory]
    [InlineData("UINT8", "[300]", "input 'x' element 0: 300 is not a UINT8, expected a whole number from 0 to 255")]
    [InlineData("UINT8", "[0,-1]", "element 1: -1 is not a UINT8")]
    [InlineData("INT8", "[128]", "from -128 to 127")]
    [InlineData("INT32", "[2147483648]", "2147483648 is not a INT32")]
    [InlineData("INT64", "[9223372036854775808]", "is not a INT64")]
    [InlineData("UINT64", "[18446744073709551616]", "is not a UINT64")]
    [InlineData("INT32", "[1.5]", "1.5 is not a INT32")]
    [InlineData("INT32", "[\"1\"]", "\"1\" is not a INT32")]
    [InlineData("INT32", "[true]", "true is not a INT32")]
    [InlineData("INT32", "[null]", "null is not a INT32")]
    [InlineData("INT32", "[{}]", "an object is not a INT32")]
    [InlineData("INT32", "{}", "data is an object, expected an array")]
    [InlineData("INT32", "5", "data is 5, expected an array")]
    [InlineData("FP32", "[1e39]", "1e39 is not a FP32")]
    [InlineData("FP64", "[1e400]", "1e400 is not a FP64")]
    [InlineData("FP16", "[70000]", "70000 is not a FP16")]
    [InlineData("BF16", "[3.4e38]", "is not a BF16")]
    [InlineData("FP32", "[\"nan\"]", "\"nan\" is not a FP32")]
    [InlineData("BOOL", "[2]", "2 is not a BOOL, expected true, false, 1 or 0")]
    [InlineData("BYTES", "[1]", "1 is not a BYTES, expected a string")]
    [InlineData("BYTES", "[\"\\ud800\"]", "is not a BYTES")]
    [InlineData("BYTES", "\"a\"", "expected an array")]
    public void Read_ElementThatDoesNotFit_IsNamedWithIndexValueAndRange(string type, string data, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Input(type, data.Contains(',', StringComparison.Ordinal) ? "[2]" : "[1]", data)));

    [Theory]
    [InlineData("[3]", "[1,2]", "input 'x' expects 3 elements by its shape [3], got 2")]
    [InlineData("[3]", "[1,2,3,4,5]", "expects 3 elements by its shape [3], got 5")]
    [InlineData("[2,3]", "[1,2,3,4,5]", "expects 6 elements by its shape [2,3], got 5")]
    [InlineData("[0]", "[1]", "expects 0 elements by its shape [0], got 1")]
    [InlineData("[2,3]", "[]", "got 0")]
    [InlineData("[]", "[1,2]", "expects 1 elements by its shape [], got 2")]
    [InlineData("[1000000000000]", "[1,2]", "expects 1000000000000 elements")]
    public void Read_WrongCount_SaysExpectedAndGot(string shape, string data, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Input("INT32", shape, data)));

    [Theory]
    [InlineData("[2,3]", "[[1,2,3],[4,5]]", "has 2 entries in an array of axis 1, expected 3")]
    [InlineData("[2,3]", "[[1,2,3]]", "has 1 entries in an array of axis 0, expected 2")]
    [InlineData("[3,2]", "[[1,2,3],[4,5,6]]", "axis 1, expected 2")]
    [InlineData("[3]", "[[1,2,3]]", "nested deeper than its shape [3]")]
    [InlineData("[]", "[[1]]", "nested deeper")]
    [InlineData("[2,1,2]", "[[1,2],[3,4]]", "is nested 2 deep, expected 3")]
    [InlineData("[2,2]", "[1,[2,3]]", "mixes")]
    [InlineData("[2,2]", "[[1,2],3]", "mixes")]
    [InlineData("[2,2,1]", "[[[1],2],[[3],[4]]]", "mixes")]
    [InlineData("[2,0]", "[[]]", "axis 0, expected 2")]
    public void Read_NestingThatContradictsTheShape_IsDescribed(string shape, string data, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Input("INT32", shape, data)));

    [Theory]
    [InlineData("INT32", "[1.0,2e0,-30e-1,0.0]", new[] { 1.0, 2, -3, 0 })]
    [InlineData("BOOL", "[true,false,1,0]", new[] { 1.0, 0, 1, 0 })]
    [InlineData("FP64", "[-0.0,1E5,5e-324,1e-400]", new[] { -0.0, 1e5, 5e-324, 0 })]
    [InlineData("FP64", "[\"NaN\",\"Infinity\",\"-Infinity\",1]", new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1 })]
    [InlineData("FP32", "[\"NaN\",\"Infinity\",\"-Infinity\",0.1]", new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1f })]
    [InlineData("FP16", "[\"NaN\",\"Infinity\",\"-Infinity\",65504]", new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 65504 })]
    [InlineData("BF16", "[\"NaN\",\"Infinity\",\"-Infinity\",1.5]", new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.5 })]
    public void Read_UnusualSpellings_AreTheirValues(string type, string data, double[] expected)
    {
        using var decoded = Decoded.Valid(Input(type, "[4]", data));
        var bytes = decoded.Request.Inputs[0].Bytes();
        Assert.Equal(expected, Enumerable.Range(0, 4).Select(i => Value(decoded.Request.Inputs[0].Type, bytes.AsSpan(i * (bytes.Length / 4)))));
    }

    [Theory]
    [InlineData("1.00390625", 0x3F80)]
    [InlineData("1.01171875", 0x3F82)]
    [InlineData("1.003906250000000001", 0x3F80)]
    [InlineData("1.00390625000000022", 0x3F81)]
    [InlineData("1.0117187499999998", 0x3F81)]
    [InlineData("-1.00390625000000022", 0xBF81)]
    public void Read_BFloat16BetweenTwoValues_IsTheNearestAndEvenOnTies(string number, int expected)
    {
        using var decoded = Decoded.Valid(Input("BF16", "[1]", $"[{number}]"));
        Assert.Equal(expected, BinaryPrimitives.ReadUInt16LittleEndian(decoded.Request.Inputs[0].Bytes()));
    }

    [Fact]
    public void Read_Scalar_MayStandAloneOrInAnArray()
    {
        using var alone = Decoded.Valid(Input("UINT8", "[]", "5"));
        using var array = Decoded.Valid(Input("UINT8", "[]", "[5]"));
        Assert.Equal([5], alone.Request.Inputs[0].Bytes());
        Assert.Equal([5], array.Request.Inputs[0].Bytes());
    }

    private static double Value(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Bool => bytes[0],
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    private static Runtime.Inference.Outcome<Server.Rest.V2.Requests.DecodedRequest> Input(string type, string shape, string data) =>
        Decoded.ReadInput($""" "name":"x","shape":{shape},"datatype":"{type}","data":{data} """);
}
