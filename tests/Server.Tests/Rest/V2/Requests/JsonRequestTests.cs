using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2.Requests;

/// <summary>The rules of a request's JSON, one each.</summary>
public sealed class JsonRequestTests
{
    private const string Input = """{"name":"x","shape":[2],"datatype":"INT32","data":[1,2]}""";

    [Fact]
    public void Read_IdAndOutputs_ReachTheEngine()
    {
        using var decoded = Decoded.Valid(Decoded.Read($$"""{"id":"a\"b","inputs":[{{Input}}],"outputs":[{"name":"p"},{"name":"q"}]}"""));
        Assert.Equal("a\"b", decoded.Request.Id);
        Assert.Equal(["p", "q"], decoded.Request.Outputs!);
        Assert.Equal(Decoded.Model, decoded.Request.ModelName);
        Assert.Equal(1000, decoded.Request.Received);
    }

    [Theory]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"id":null,"parameters":null,"outputs":null,"inputs":[]}""")]
    [InlineData("""{"inputs":[],"outputs":[],"unknown":{"a":[1]},"unk\u006eown":1}""")]
    public void Read_OptionalFieldsNullOrMissing_MeansNone(string json)
    {
        using var decoded = Decoded.Valid(Decoded.Read(json));
        Assert.Null(decoded.Request.Id);
        Assert.Null(decoded.Request.Outputs);
        Assert.Equal(0, decoded.Request.Deadline);
    }

    [Fact]
    public void Read_EscapedFieldNames_AreThoseFields()
    {
        using var decoded = Decoded.Valid(Decoded.Read("""{"\u0069nputs":[{"n\u0061me":"x","shape":[1],"datatype":"UINT8","d\u0061ta":[7]}]}"""));
        Assert.Equal([7], decoded.Request.Inputs[0].Bytes());
    }

    [Fact]
    public void Read_BareNumbersThatAreNotFinite_AreThose()
    {
        // As tritonclient writes them with binary_data=False.
        using var decoded = Decoded.Valid(Decoded.ReadInput(
            """ "name":"NaN","shape":[4],"datatype":"FP32","data":[NaN, Infinity, -Infinity, 1.5] """));
        Assert.Equal("NaN", decoded.Request.Inputs[0].Name);
        Assert.Equal([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1.5f], MemoryMarshal.Cast<byte, float>(decoded.Request.Inputs[0].Bytes()));
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"INT32","data":[NaN]}]}""", "NaN")]
    [InlineData("""{"inputs":[],"id":NaN,}""", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{}", "no inputs")]
    [InlineData("""{"inputs":{}}""", "as an array")]
    [InlineData("""{"inputs":[1]}""", "inputs[0] must be an object")]
    [InlineData("""{"inputs":[],"inputs":[]}""", "inputs once")]
    [InlineData("""{"inputs":[],"outputs":[],"outputs":[]}""", "outputs twice")]
    [InlineData("""{"inputs":[],"outputs":{}}""", "outputs must be an array")]
    [InlineData("""{"inputs":[],"outputs":["p"]}""", "outputs[0] must be an object")]
    [InlineData("""{"inputs":[],"outputs":[{}]}""", "outputs[0] has no name")]
    [InlineData("""{"inputs":[],"outputs":[{"name":"p"},{"name":"p"}]}""", "output 'p' is requested twice")]
    [InlineData("""{"inputs":[],"id":5}""", "id of the request must be a string")]
    [InlineData("""{"inputs":[]} x""", "not valid JSON")]
    [InlineData("""{"inputs":[],}""", "not valid JSON")]
    [InlineData("""{"inputs":[],"id":"\ud800"}""", "id of the request must be a string")]
    public void Read_MalformedRequest_SaysWhere(string json, string expected) => Assert.Contains(expected, Decoded.Refused(Decoded.Read(json)));

    [Fact]
    public void Read_MalformedBehindData_SaysWhereInTheWholeRequest()
    {
        var lines = $"{{\n\"inputs\":[{Input},{Input.Replace("\"x\"", "\"y\"", StringComparison.Ordinal)}]\n,}}";
        Assert.Contains("LineNumber: 2 | BytePositionInLine: 1.", Decoded.Refused(Decoded.Read(lines)));
const string Data = """{"inputs":[{"name":"x","shape":[2],"datatype":"INT32","data":[1,02""";
        Assert.Contains($"LineNumber: 0 | BytePositionInLine: {Data.Length - 1}.", Decoded.Refused(Decoded.Read(Data + "]}]}")));
    }

    [Theory]
    [InlineData(""" "data":[[[1],2]],"name":"x","shape":[1],"datatype":"INT32" """, "nested deeper")]
    [InlineData(""" "data":["a]\\\"]",1],"name":"x","shape":[2],"datatype":"BYTES" """, "element 1: 1 is not a BYTES")]
    [InlineData(""" "data":[1,,2],"name":"x","shape":[2],"datatype":"INT32" """, "not valid JSON")]
    [InlineData(""" "data":[1,2}],"name":"x","shape":[2],"datatype":"INT32" """, "not valid JSON")]
    [InlineData(""" "data":["a,"name":"x" """, "not valid JSON")]
    public void Read_WrongDataBeforeItsShape_IsDescribed(string fields, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Decoded.ReadInput(fields)));

    [Theory]
    [InlineData(""" "shape":[1],"datatype":"INT32","data":[1] """, "inputs[0] has no name")]
    [InlineData(""" "name":"x","datatype":"INT32","data":[1] """, "input 'x' has no shape")]
    [InlineData(""" "name":"x","shape":[1],"data":[1] """, "input 'x' has no datatype")]
    [InlineData(""" "name":"x","shape":[1],"datatype":"int32","data":[1] """, "datatype of input 'x' is 'int32', expected one of BOOL, UINT8")]
    [InlineData(""" "name":"x","shape":[1],"datatype":"STRING","data":["a"] """, "'STRING'")]
    [InlineData(""" "name":"x","shape":[1],"datatype":1,"data":["a"] """, "datatype of input 'x'")]
    [InlineData(""" "name":7,"shape":[1],"datatype":"INT32","data":[1] """, "name of inputs[0] must be a string")]
    [InlineData(""" "name":"x","shape":3,"datatype":"INT32","data":[1] """, "shape of input 'x' must be an array")]
    [InlineData(""" "name":"x","shape":[1,-1],"datatype":"INT32","data":[1] """, "shape of input 'x': axis 1")]
    [InlineData(""" "name":"x","shape":[1.5],"datatype":"INT32","data":[1] """, "axis 0")]
    [InlineData(""" "name":"x","shape":[99999999999999999999],"datatype":"INT32","data":[1] """, "axis 0")]
    [InlineData(""" "name":"x","shape":[4294967296,4294967296],"datatype":"INT32","data":[1] """, "cannot be counted")]
    [InlineData(""" "name":"x","shape":[1],"datatype":"INT32","data":[1],"shape":[2] """, "input 'x' has shape twice")]
    [InlineData(""" "name":"x","shape":[1],"datatype":"INT32","data":[1],"datatype":"FP32" """, "input 'x' has datatype twice")]
    [InlineData(""" "name":"x","shape":[1],"datatype":"INT32","data":[1],"data":[1] """, "input 'x' has data twice")]
    [InlineData(""" "name":"x","name":"y","shape":[1],"datatype":"INT32","data":[1] """, "has name twice")]
    public void Read_MalformedInput_SaysWhichAndWhat(string fields, string expected) =>
        Assert.Contains(expected, Decoded.Refused(Decoded.ReadInput(fields)));

    [Fact]
    public void Read_MoreAxesThanTheLimit_IsRefused()
    {
        var shape = string.Join(",", Enumerable.Repeat("1", 65));
        Assert.Contains("more than 64 axes", Decoded.Refused(Decoded.ReadInput($""" "name":"x","datatype":"INT32","data":[1],"shape":[{shape}] """)));
    }

    [Fact]
    public void Read_TheSameInputTwice_IsRefused() =>
        Assert.Contains("input 'x' is given twice", Decoded.Refused(Decoded.Read($$"""{"inputs":[{{Input}},{{Input}}]}""")));

    [Fact]
    public void Read_TooManyInputs_IsRefused()
    {
        var inputs = string.Join(",", Enumerable.Range(0, 4097).Select(i => $$"""{"name":"x{{i}}","shape":[0],"datatype":"INT32","data":[]}"""));
        Assert.Contains("more than 4096", Decoded.Refused(Decoded.Read($$"""{"inputs":[{{inputs}}]}""")));
    }

    [Fact]
    public void Read_NestedDeeperThanTheLimit_IsRefused()
    {
        var deep = new string('[', 70) + new string(']', 70);
        Assert.Contains("depth", Decoded.Refused(Decoded.Read($$"""{"inputs":[],"other":{{deep}}}""")));
    }

    [Fact]
    public void Read_BytesThatAreNoUtf8_IsRefused() => Assert.Contains(
        "not valid UTF-8",
        Decoded.Refused(InferRequestReader.Read((byte[])[.. """{"inputs":[],"id":" """u8, 0xFF, .. "\"}"u8], Decoded.Target())));

    [Theory]
    [InlineData("", "got 0")]
    [InlineData(""" ,"data":null """, "got 0")]
    [InlineData(""" ,"data":[1],"parameters":{"binary_data_size":4} """, "got 2")]
    [InlineData(""" ,"parameters":{"shared_memory_region":"r","binary_data_size":4} """, "got 2")]
    [InlineData(""" ,"data":[1],"parameters":{"shared_memory_region":"r"} """, "got 2")]
    public void Read_NotExactlyOneSourceOfData_IsRefused(string source, string got)
    {
        var message = Decoded.Refused(Decoded.ReadInput(""" "name":"x","shape":[1],"datatype":"INT32" """ + source));
        Assert.Contains("input 'x' must set exactly one of data, parameters.binary_data_size and parameters.shared_memory_region", message);
        Assert.EndsWith(got, message);
    }

    [Fact]
    public void Read_SharedMemory_IsNotOffered() => Assert.Contains("shared memory", Decoded.Refused(
        Decoded.ReadInput(""" "name":"x","shape":[1],"datatype":"INT32","parameters":{"shared_memory_region":"r","shared_memory_offset":0,"shared_memory_byte_size":4} """),
        InferenceError.Unsupported));
}
