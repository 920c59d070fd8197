using System.Globalization;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V1.Requests;

namespace Serving.Server.Tests.Rest.V1.Requests;

public sealed class PredictReaderTests
{
    private static readonly ModelMetadata One = Sample.Model(Sample.Tensor("x", ElementType.Float32, -1, 2));
    private static readonly ModelMetadata Two = Sample.Model(Sample.Tensor("a", ElementType.Float32, -1, 2), Sample.Tensor("b", ElementType.Int64, -1));
    private static readonly ModelMetadata Text = Sample.Model(Sample.Tensor("t", ElementType.Bytes, -1));
    private static readonly ModelMetadata Spare = Sample.Model(
        Sample.Tensor("x", ElementType.Float32, -1), Sample.Tensor("extra", ElementType.Float32, -1) with { Optional = true });

    [Theory]
    [InlineData("""{"instances":[[1,2],[3,4.5]]}""", "x FP32 [2,2] 1 2 3 4.5")]
    [InlineData("""{"signature_name":"serving_default","instances":[[1,2]]}""", "x FP32 [1,2] 1 2")]
    [InlineData("""{"instances":[[1,2]],"other":{"instances":[1]},"signature_name":""}""", "x FP32 [1,2] 1 2")]
    [InlineData("""{"instances":[{"x":[1,2]},{"x":[3,4]}]}""", "x FP32 [2,2] 1 2 3 4")]
    [InlineData("""{"instances":[1,2]}""", "x FP32 [2] 1 2")]
    [InlineData("""{"instances":[[]]}""", "x FP32 [1,0] ")]
    [InlineData("""{"inputs":[[1,2],[3,4]]}""", "x FP32 [2,2] 1 2 3 4")]
    [InlineData("""{"inputs":{"x":[[1,2]]}}""", "x FP32 [1,2] 1 2")]
    [InlineData("""{"inputs":7}""", "x FP32 [] 7")]
    [InlineData("""{"inputs":{"x":-0.5}}""", "x FP32 [] -0.5")]
    [InlineData("""{"inputs":[]}""", "x FP32 [0] ")]
    [InlineData("""{"inputs":[NaN,-Infinity,Infinity]}""", "x FP32 [3] NaN -Infinity Infinity")]
    [InlineData("""{"instances":[{"x":[NaN,1]}]}""", "x FP32 [1,2] NaN 1")]
    public void Read_OneInput_IsTheTensor(string json, string expected) => Check(json, One, expected);

    [Theory]
    [InlineData("""{"instances":[{"a":[1,2],"b":3},{"b":4,"a":[5,6]}]}""", "a FP32 [2,2] 1 2 5 6", "b INT64 [2] 3 4")]
    [InlineData("""{"inputs":{"b":[3,4,5],"a":[[1,2]]}}""", "b INT64 [3] 3 4 5", "a FP32 [1,2] 1 2")]
    [InlineData("""{"instances":[{"\u0061":[[1],[2]],"b":[3.0]}]}""", "a FP32 [1,2,1] 1 2", "b INT64 [1,1] 3")]
    public void Read_SeveralInputs_AreOneTensorEach(string json, params string[] expected) => Check(json, Two, expected);

    [Theory]
    [InlineData("""{"instances":["foo","b\u00e4r"]}""", "t BYTES [2] foo bär")]
    [InlineData("""{"instances":[{"b64":"aGk="},"x"]}""", "t BYTES [2] hi x")]
    [InlineData("""{"instances":[{"t":{"b64":"aGk"}},{"t":"x"}]}""", "t BYTES [2] hi x")]
    [InlineData("""{"inputs":{"b64":"aGk="}}""", "t BYTES [] hi")]
    [InlineData("""{"inputs":{"t":[[{"b64":"aG\u006b="}],[""]]}}""", "t BYTES [2,1] hi ")]
    [InlineData("""{"inputs":[]}""", "t BYTES [0] ")]
    public void Read_Strings_AreTextOrBase64(string json, string expected) => Check(json, Text, expected);

    [Theory]
    [InlineData("""{"instances":[1,2]}""", "x FP32 [2] 1 2")]
    [InlineData("""{"instances":[{"x":1,"extra":2}]}""", "x FP32 [1] 1", "extra FP32 [1] 2")]
    [InlineData("""{"inputs":{"x":[1]}}""", "x FP32 [1] 1")]
    public void Read_OptionalInput_MayBeLeftOut(string json, params string[] expected) => Check(json, Spare, expected);

    [Theory]
    [InlineData("", "JSON Parse error")]
    [InlineData("{", "JSON Parse error")]
    [InlineData("""{"instances":[[1,2]]} x""", "JSON Parse error")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{}", "Missing 'inputs' or 'instances' key")]
    [InlineData("""{"instances":[[1,2]],"inputs":[[1,2]]}""", "only one of 'inputs' or 'instances'")]
    [InlineData("""{"instances":[[1,2]],"instances":[[1,2]]}""", "only one of")]
    [InlineData("""{"instances":1}""", "Expecting 'instances' to be a list/array")]
    [InlineData("""{"instances":[]}""", "No values in 'instances' array")]
    [InlineData("""{"signature_name":"other","instances":[[1,2]]}""", "Serving signature name: \"other\" not found in signature def")]
    [InlineData("""{"signature_name":1,"instances":[[1,2]]}""", "'signature_name' key must be a string value")]
    [InlineData("""{"instances":[[1,2],[3]]}""", "input 'x' data has 1 entries in an array of axis 1, expected 2")]
    [InlineData("""{"instances":[[1,2],3]}""", "mixes elements and arrays")]
    [InlineData("""{"instances":[["a",2]]}""", "input 'x' element 0: \"a\" is not a FP32")]
    [InlineData("""{"inputs":null}""", "input 'x': null is not a FP32")]
    [InlineData("""{"inputs":{"x":{"b64":"aGk="}}}""", "input 'x'")]
    [InlineData("""{"instances":[[1,{"x":2}]]}""", "an object is not a FP32")]
    [InlineData("""{"instances":[{"y":1}]}""", "instances[0]: 'y' is no input of model 'm'; its inputs are 'x'")]
    [InlineData("""{"inputs":{"y":1}}""", "'y' is no input of model 'm'")]
    [InlineData("""{"inputs":{}}""", "the request lacks input 'x'")]
    [InlineData("""{"inputs":{"x":[1],"x":[1]}}""", "input 'x' is given twice")]
    [InlineData("""{"instances":[{"x":[1,2]},{"x":[1]}]}""", "instances[1]: input 'x' has shape [1], expected [2] as in the rows before")]
    [InlineData("""{"instances":[{"x":[1,2]},[1,2]]}""", "instances[1] must be an object")]
    [InlineData("""{"instances":[{"x":[1,2]},{}]}""", "instances[1] lacks input 'x'")]
    public void Read_WrongRequest_SaysWhatIsWrong(string json, string expected) => Assert.Contains(expected, Reading.Refused(PredictReader.Read, json, One));

    [Theory]
    [InlineData("""{"instances":[[1,2]]}""", "instances is a plain list, but model 'm' has the inputs 'a', 'b'")]
    [InlineData("""{"inputs":[[1,2]]}""", "inputs is a plain value/list, but model 'm' has")]
    [InlineData("""{"instances":[{"a":[1,2]}]}""", "lacks input 'b'")]
    [InlineData("""{"instances":[{"a":[1,2]},{"a":[1,2],"b":1}]}""", "instances[1]: input 'b' is given here and not in the rows before")]
    [InlineData("""{"instances":[{"a":[1,2],"b":1,"a":[1,2]}]}""", "instances[0]: input 'a' is given twice")]
    [InlineData("""{"instances":[{"a":[1,2],"b":1.5}]}""", "instances[0]: input 'b': 1.5 is not a INT64, expected a whole number")]
    public void Read_WrongRequestOfSeveralInputs_SaysWhatIsWrong(string json, string expected) =>
        Assert.Contains(expected, Reading.Refused(PredictReader.Read, json, Two));

    [Theory]
    [InlineData("""{"instances":[1]}""", "element 0: expected a string")]
    [InlineData("""{"instances":["x",{"b64":"!"}]}""", "element 1: the text of b64 is not valid base64")]
    [InlineData("""{"instances":["x",{"b65":"aGk="}]}""", "element 1: an object is no BYTES value")]
    [InlineData("""{"instances":["\ud800"]}""", "the string is no Unicode text")]
    [InlineData("""{"instances":["x",["y"]]}""", "mixes elements and arrays")]
    public void Read_WrongStrings_SayWhatIsWrong(string json, string expected) => Assert.Contains(expected, Reading.Refused(PredictReader.Read, json, Text));

    [Fact]
    public void Read_ManyRows_AreGatheredWhole()
    {
        var rows = Enumerable.Range(0, 5000).Select(i => $$"""{"b":{{i}},"a":[{{i}},0.5]}""");
        var inputs = Reading.Inputs(PredictReader.Read, $$"""{"instances":[{{string.Join(',', rows)}}]}""", Two);
        Assert.Equal("a FP32 [5000,2] " + string.Join(' ', Enumerable.Range(0, 5000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} 0.5"))), inputs[0]);
        Assert.Equal("b INT64 [5000] " + string.Join(' ', Enumerable.Range(0, 5000)), inputs[1]);
    }

    private static void Check(string json, ModelMetadata model, params string[] expected) => Assert.Equal(expected, Reading.Inputs(PredictReader.Read, json, model));
}
