using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V1.Requests;
using Serving.Server.Rest.V1.Responses;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V1.Responses;

public sealed class AnswersTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private static readonly OutputTensor Scores = Sample.Output("y", ElementType.Float32, [2, 2], 0.25f, 1, -3, 1e30f);
    private static readonly OutputTensor Ids = Sample.Output("ids", ElementType.Int64, [2], 7L, -8);

    [Fact]
    public async Task Rows_OneOutput_IsUnwrapped() =>
        Assert.Equal("""{"predictions":[[0.25,1.0],[-3.0,1E+30]]}""", await WriteAsync(RowsAnswer.WriteAsync, Scores));

    [Fact]
    public async Task Rows_SeveralOutputs_AreObjects() => Assert.Equal(
        """{"predictions":[{"y":[0.25,1.0],"ids":7},{"y":[-3.0,1E+30],"ids":-8}]}""", await WriteAsync(RowsAnswer.WriteAsync, Scores, Ids));

    [Fact]
    public async Task Columns_OneOutput_IsUnwrapped() => Assert.Equal("""{"outputs":[7,-8]}""", await WriteAsync(ColumnsAnswer.WriteAsync, Ids));

    [Fact]
    public async Task Columns_SeveralOutputs_AreOneObject() => Assert.Equal(
        """{"outputs":{"y":[[0.25,1.0],[-3.0,1E+30]],"ids":[7,-8]}}""", await WriteAsync(ColumnsAnswer.WriteAsync, Scores, Ids));

    [Fact]
    public async Task Columns_Scalar_IsAValue() =>
        Assert.Equal("""{"outputs":true}""", await WriteAsync(ColumnsAnswer.WriteAsync, Sample.Output("b", ElementType.Bool, [], (byte)1)));

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("[]", 0, 3)]
    [InlineData("[[],[]]", 2, 0)]
    [InlineData("[[],[]]", 2, 0, 4)]
    public async Task Columns_EmptyAxes_AreEmptyArrays(string expected, params int[] shape) => Assert.Equal(
        $$"""{"outputs":{{expected}}}""", await WriteAsync(ColumnsAnswer.WriteAsync, Sample.Output<float>("e", ElementType.Float32, [.. shape.Select(d => (long)d)])));

    [Fact]
    public async Task Columns_NoNumbers_AreBareWords() => Assert.Equal(
        """{"outputs":[NaN,Infinity,-Infinity,0.0]}""",
        await WriteAsync(ColumnsAnswer.WriteAsync, Sample.Output("n", ElementType.Float64, [4], double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0)));

    [Fact]
    public async Task Rows_OutputNamedBytes_IsBase64() => Assert.Equal(
        """{"predictions":[{"image_bytes":{"b64":"/wA="},"t":"ü"},{"image_bytes":{"b64":""},"t":"\""}]}""",
        await WriteAsync(RowsAnswer.WriteAsync, Sample.Strings("image_bytes", [2], [0xFF, 0x00], []), Sample.Strings("t", [2], "ü", "\"")));

    [Fact]
    public async Task Rows_BytesThatAreNoText_AreRefused() => Assert.Contains(
        "output 't' element 0 is not UTF-8 text", (await RefusedAsync(RowsAnswer.WriteAsync, Sample.Strings("t", [1], [0xFF]))).Message);

    [Fact]
    public async Task Rows_OutputsWithoutCommonRows_AreRefused()
    {
        Assert.Contains(
            "Tensor name: s has no shape information",
            (await RefusedAsync(RowsAnswer.WriteAsync, Scores, Sample.Output("s", ElementType.Float32, [], 1f))).Message);
        Assert.Contains(
            "Tensor name: s has inconsistent batch size: 1 expecting: 2",
            (await RefusedAsync(RowsAnswer.WriteAsync, Scores, Sample.Output("s", ElementType.Float32, [1], 1f))).Message);
    }

    [Fact]
    public async Task Classes_WithoutLabels_AreIndices() => Assert.Equal(
        """{"results":[[["0",0.25],["1",1.0]],[["0",-3.0],["1",1E+30]]]}""", await WriteAsync(new ClassesAnswer("y", null).WriteAsync, Scores));

    [Fact]
    public async Task Classes_WithLabels_AreThose() => Assert.Equal(
        """{"results":[[["a",0.25],["b",1.0]],[["c",-3.0],["d",1E+30]]]}""",
        await WriteAsync(new ClassesAnswer("y", "classes").WriteAsync, Scores, Sample.Strings("classes", [2, 2], "a", "b", "c", "d")));

    [Fact]
    public async Task Classes_LabelsOfAnotherShape_AreRefused()
    {
        Assert.Contains("for every score", (await RefusedAsync(new ClassesAnswer("y", "classes").WriteAsync, Scores, Sample.Strings("classes", [2], "a", "b"))).Message);
        Assert.Contains("[examples, classes]", (await RefusedAsync(new ClassesAnswer("v", null).WriteAsync, Sample.Output("v", ElementType.Float32, [2], 1f, 2f))).Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(3, 1)]
    public async Task Values_OfARow_AreOneNumber(params int[] shape) => Assert.Equal(
        """{"results":[1.5,2.0,NaN]}""",
        await WriteAsync(ValuesAnswer.WriteAsync, Sample.Output("v", ElementType.Float32, [.. shape.Select(d => (long)d)], 1.5f, 2, float.NaN)));

    [Fact]
    public async Task Values_SeveralOfARow_AreRefused() =>
        Assert.Contains("one number for each example", (await RefusedAsync(ValuesAnswer.WriteAsync, Scores)).Message);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_LargerThanABlock_IsWholeAndHasNoLength(bool byRow)
    {
        var values = Enumerable.Range(0, 60_000).Select(i => i / 8f).ToArray();
        var output = Sample.Output("v", ElementType.Float32, [20, 1000, 3], values);
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var text = await WriteAsync(context, byRow ? RowsAnswer.WriteAsync : ColumnsAnswer.WriteAsync, byRow ? [output, output with { Name = "w" }] : [output]);
        using var json = JsonDocument.Parse(text);
        Assert.Null(context.Response.ContentLength);
        var rows = json.RootElement.GetProperty(byRow ? "predictions" : "outputs").EnumerateArray().ToList();
        Assert.Equal(20, rows.Count);
        Assert.All(byRow ? ["v", "w"] : (string[])[""], name => Assert.Equal(
            values,
            from row in rows
            from line in (byRow ? row.GetProperty(name) : row).EnumerateArray()
            from element in line.EnumerateArray()
            select element.GetSingle()));
    }

    [Fact]
    public async Task Columns_RandomTensors_ReadBackAsTheSameBytes()
    {
        var random = new Random(77);
        for (var round = 0; round < 400; round++)
        {
            var type = (ElementType)random.Next(14);
            var sample = SampleTensor.Create(type, random, [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(1, 5))]);
            var name = type == ElementType.Bytes && random.Next(2) == 0 ? "x_bytes" : "x";
            var text = await WriteAsync(ColumnsAnswer.WriteAsync, new OutputTensor(name, type, new TensorShape(sample.Shape), sample.Bytes));
            var model = Sample.Model(Sample.Tensor(name, type, sample.Shape));
            var request = text.Replace("\"outputs\":", "\"inputs\":", StringComparison.Ordinal);
            Assert.True(RequestText.Read(Encoding.UTF8.GetBytes(request), model, long.MaxValue, PredictReader.Read).TryGetValue(out var read, out var failure), failure?.Message);
            using (read)
            {
                Assert.Equal(sample.Shape, read!.Inputs[0].Shape.ToArray());
                Assert.Equal(sample.Bytes, read.Inputs[0].Bytes());
            }
        }
    }

    [Theory]
    [InlineData(0f, "0.0")]
    [InlineData(-0f, "-0.0")]
    [InlineData(16777216f, null)]
    [InlineData(1e7f, null)]
    [InlineData(123456.79f, "123456.79")]
    [InlineData(1e-10f, null)]
    public async Task Decimals_AlwaysLookLikeSome(float value, string? expected)
    {
        var text = (await WriteAsync(ColumnsAnswer.WriteAsync, Sample.Output("v", ElementType.Float32, [], value)))[11..^1];
        Assert.Contains(text, c => c is '.' or 'E');
        Assert.Equal(expected ?? text, text);
        Assert.Equal(value, float.Parse(text, CultureInfo.InvariantCulture));
    }

    private static Task<string> WriteAsync(AnswerWriter writer, params OutputTensor[] outputs) =>
        WriteAsync(new DefaultHttpContext { Response = { Body = new MemoryStream() } }, writer, outputs);

    private static async Task<string> WriteAsync(HttpContext context, AnswerWriter writer, params OutputTensor[] outputs)
    {
        Assert.Null(await writer(context, Response(outputs)).AsTask().WaitAsync(Timeout));
        Assert.Equal("application/json", context.Response.ContentType);
        return Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
    }

    private static async Task<InferenceFailure> RefusedAsync(AnswerWriter writer, params OutputTensor[] outputs)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var failure = await writer(context, Response(outputs)).AsTask().WaitAsync(Timeout);
        Assert.Equal(0, context.Response.Body.Length);
        Assert.Equal(InferenceError.InvalidInput, failure?.Error);
        return failure!;
    }

    private static InferenceResponse Response(OutputTensor[] outputs) => new(null) { ModelName = "m", ModelVersion = "1", Outputs = outputs };
}
