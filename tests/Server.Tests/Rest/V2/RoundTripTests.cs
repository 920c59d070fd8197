using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V2.Requests;
using Serving.Server.Rest.V2.Responses;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2;

/// <summary>Every datatype in every form in and out, over random shapes.</summary>
public sealed class RoundTripTests
{
    private static readonly long[][] Shapes = [[], [1], [7], [2, 3], [1, 1, 5], [3, 2, 2, 2], [0], [2, 0, 3]];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static TheoryData<ElementType> AllTypes => [.. Enum.GetValues<ElementType>()];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Request_NestedData_BecomesTheTensorsBytes(ElementType type) => CheckEach(type, sample => Json(sample, sample.Nested), _ => null);

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Request_FlatData_BecomesTheTensorsBytes(ElementType type) => CheckEach(type, sample => Json(sample, sample.Flat), _ => null);

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Request_DataBeforeItsShape_BecomesTheTensorsBytes(ElementType type) => CheckEach(
        type,
        sample => $$"""{"inputs":[{"data":{{sample.Nested}},"shape":{{sample.ShapeText}},"datatype":"{{type.Name()}}","name":"x"}]}""",
        _ => null);

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Request_BinaryData_IsTheTensorsBytes(ElementType type) => CheckEach(
        type,
        sample => $$$"""{"inputs":[{"name":"x","shape":{{{sample.ShapeText}}},"datatype":"{{{type.Name()}}}","parameters":{"binary_data_size":{{{sample.Bytes.Length}}}}}]}""",
        sample => sample.Bytes);

    [Theory]
    [MemberData(nameof(AllTypes))]
    public async Task Response_AsJson_ReadsBackAsTheSameBytes(ElementType type)
    {
        foreach (var sample in Samples(type))
        {
            using var document = JsonDocument.Parse(await SendAsync(sample, RequestedOutputs.AllAsJson));
            var output = document.RootElement.GetProperty("outputs")[0];
            Assert.Equal(sample.Shape, output.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()));

            using var decoded = Decoded.Valid(Decoded.Read(Json(sample, output.GetProperty("data").GetRawText())));
            Assert.Equal(sample.Bytes, decoded.Request.Inputs[0].Bytes());
        }
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public async Task Response_AsBinary_EndsWithTheSameBytes(ElementType type)
    {
        foreach (var sample in Samples(type))
        {
            var body = await SendAsync(sample, RequestedOutputs.AllAsBinary);
            var json = body[..^sample.Bytes.Length];
            using var document = JsonDocument.Parse(json);
            var output = document.RootElement.GetProperty("outputs")[0];
            Assert.Equal(sample.Bytes.Length, output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
            Assert.False(output.TryGetProperty("data", out _));
            Assert.Equal(type.Name(), output.GetProperty("datatype").GetString());
            Assert.Equal(sample.Bytes, body[^sample.Bytes.Length..]);
        }
    }

    private static void CheckEach(ElementType type, Func<SampleTensor, string> json, Func<SampleTensor, byte[]?> binary)
    {
        foreach (var sample in Samples(type))
        {
            using var decoded = Decoded.Valid(Decoded.Read(json(sample), binary(sample)));
            var input = Assert.Single(decoded.Request.Inputs);
            Assert.Equal("x", input.Name);
            Assert.Equal(type, input.Type);
            Assert.Equal(sample.Shape, input.Shape.ToArray());
            Assert.Equal(sample.Bytes, input.Bytes());
        }
    }

    private static string Json(SampleTensor sample, string data) =>
        $$"""{"inputs":[{"name":"x","shape":{{sample.ShapeText}},"datatype":"{{sample.Type.Name()}}","data":{{data}}}]}""";

    private static IEnumerable<SampleTensor> Samples(ElementType type)
    {
        var random = new Random(1000 + (int)type);
        return Enumerable.Range(0, 10).SelectMany(_ => Shapes).Select(shape => SampleTensor.Create(type, random, shape));
    }

    private static async Task<byte[]> SendAsync(SampleTensor sample, RequestedOutputs requested)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        using var response = new InferenceResponse(null)
        {
            ModelName = "m",
            ModelVersion = "1",
            Outputs = [new OutputTensor("x", sample.Type, new TensorShape(sample.Shape), sample.Bytes)],
        };
        Assert.Null(await InferResponseWriter.WriteAsync(context, response, requested).AsTask().WaitAsync(Timeout));
        return body.ToArray();
    }
}
