using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V1.Requests;

namespace Serving.Server.Tests.Rest.V1.Requests;

public sealed class ExamplesReaderTests
{
    private static readonly ModelMetadata Model = Sample.Model(
        Sample.Tensor("f", ElementType.Float32, -1, 2, 2), Sample.Tensor("s", ElementType.Int64, -1), Sample.Tensor("one", ElementType.Float32, -1, 1));

    private static readonly ModelMetadata Text = Sample.Model(Sample.Tensor("words", ElementType.Bytes, -1, -1));

    [Theory]
    [InlineData(
        """{"examples":[{"f":[1,2,3,4],"s":5,"one":6},{"f":[[1,2],[3,4]],"s":[7],"one":[8]}]}""",
        "f FP32 [2,2,2] 1 2 3 4 1 2 3 4", "s INT64 [2] 5 7", "one FP32 [2,1] 6 8")]
    [InlineData(
        """{"context":{"f":[1,2,3,4],"s":9},"signature_name":"serving_default","examples":[{"one":1},{"one":2},{"one":3}]}""",
        "one FP32 [3,1] 1 2 3", "f FP32 [3,2,2] 1 2 3 4 1 2 3 4 1 2 3 4", "s INT64 [3] 9 9 9")]
    [InlineData(
        """{"examples":[{"s":1,"one":1}],"context":{"f":[1,2,3,NaN]}}""",
        "s INT64 [1] 1", "one FP32 [1,1] 1", "f FP32 [1,2,2] 1 2 3 NaN")]
    public void Read_Examples_FillTheRowsThatTheModelDeclares(string json, params string[] expected) =>
        Assert.Equal(expected, Reading.Inputs(RegressReaderOf(Model), json, Model));

    [Theory]
    [InlineData("""{"examples":[{"words":["a",{"b64":"Yg=="}]},{"words":["c","d"]}]}""", "words BYTES [2,2] a b c d")]
    [InlineData("""{"examples":[{"words":"a"}]}""", "words BYTES [1,1] a")]
    public void Read_Strings_AreFeaturesToo(string json, string expected) => Assert.Equal([expected], Reading.Inputs(RegressReaderOf(Text), json, Text));

    [Theory]
    [InlineData("{}", "key 'examples' is expected and was not found")]
    [InlineData("""{"instances":[1]}""", "key 'examples' is expected")]
    [InlineData("""{"examples":{}}""", "Expecting 'examples' value to be a list/array")]
    [InlineData("""{"examples":[]}""", "No values in 'examples' array")]
    [InlineData("""{"examples":[1]}""", "examples[0] must be an object")]
    [InlineData("""{"examples":[{"s":1}],"examples":[{"s":1}]}""", "'examples' is given twice")]
    [InlineData("""{"context":[],"examples":[{"s":1}]}""", "context[0] must be an object")]
    [InlineData("""{"examples":[{"f":[1,2,3],"s":1,"one":1}]}""", "examples[0]: the values of 'f' do not fill a row of its shape [-1,2,2]")]
    [InlineData("""{"examples":[{"f":[1,2,3,4],"s":1}],"context":{"s":1,"one":2}}""", "input 's' is given both in 'context' and in 'examples'")]
    [InlineData("""{"examples":[{"f":[1,2,3,4],"s":1}]}""", "the request lacks input 'one'")]
    public void Read_WrongRequest_SaysWhatIsWrong(string json, string expected) =>
        Assert.Contains(expected, Reading.Refused(RegressReaderOf(Model), json, Model));

    [Fact]
    public void Read_ContextThatManyExamplesWouldMultiply_IsTooLarge()
    {
        var model = Sample.Model(Sample.Tensor("f", ElementType.Float32, -1, -1), Sample.Tensor("s", ElementType.Int64, -1));
        var json = $$"""{"context":{"f":[{{string.Join(',', Enumerable.Repeat(1, 100))}}]},"examples":[{"s":1},{"s":2},{"s":3}]}""";
        Assert.Contains("'f' of the context has 400 bytes and is shared by 3 examples", Reading.Refused(RegressReaderOf(model), json, model, InferenceError.TooLarge));
    }

    private static RequestReader RegressReaderOf(ModelMetadata model)
    {
        var regression = model with { Outputs = [Sample.Tensor("y", ElementType.Float32, -1)] };
        return (json, _, limit) => RegressReader.Read(json, regression, limit);
    }
}
