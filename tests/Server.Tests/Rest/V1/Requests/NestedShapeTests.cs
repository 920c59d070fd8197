using System.Text;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V1.Requests;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V1.Requests;

public sealed class NestedShapeTests
{
    [Theory]
    [InlineData("1,[2]")]
    [InlineData("\"[1,2]\",[2]")]
    [InlineData("{\"b64\":\"[\"}")]
    [InlineData("[]", 0)]
    [InlineData("[ ]", 0)]
    [InlineData("[[],[]]", 2, 0)]
    [InlineData("[1]", 1)]
    [InlineData("[1, 2, 3],[4]", 3)]
    [InlineData("[[1,2],[3,4],[5,6]],7", 3, 2)]
    [InlineData("[\"a,b\",\"]\",\"\\\"[\"]", 3)]
    [InlineData("[{\"b64\":\"a,]}\"},{\"b64\":\"\"}]", 2)]
    [InlineData("[[[1],[2]]]", 1, 2, 1)]
    [InlineData("[1,[2]]", 2, 1)]
    [InlineData("[[1,2", 0, 0)]
    [InlineData("[1]]]", 1)]
    public void Measure_Value_IsTheShapeOfItsFirstArrays(string json, params int[] expected) =>
        Assert.Equal(expected.Select(d => (long)d), Measure(json));

    [Fact]
    public void Measure_RandomTensors_IsTheirShape()
    {
        var random = new Random(31);
        for (var round = 0; round < 300; round++)
        {
            var shape = Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(1, 5)).ToArray();
            var sample = SampleTensor.Create((ElementType)random.Next(14), random, shape);
            Assert.Equal(shape, Measure(sample.Nested + ",\"rest\":[1]}"));
        }
    }

    [Fact]
    public void Measure_DeeperThanJsonMayBe_StopsThere() => Assert.Equal(NestedShape.MaxRank, Measure(new string('[', 1000)).Length);

    private static long[] Measure(string json)
    {
        var dims = new long[NestedShape.MaxRank];
        return dims[..NestedShape.Measure(Encoding.UTF8.GetBytes(json), dims)];
    }
}
