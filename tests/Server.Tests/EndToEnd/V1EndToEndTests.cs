using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Tensors;
using Serving.Server.Tests.Rest;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>V1 in front of real graphs, against the answers of V2.</summary>
public sealed class V1EndToEndTests(V1Server server) : IClassFixture<V1Server>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static TheoryData<ElementType> AllTypes => [.. Enum.GetValues<ElementType>()];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public async Task Predict_RandomTensors_AreThoseOfV2(ElementType type)
    {
        var random = new Random(50 + (int)type);
        var model = $"same-{type.Name()}";
        for (var round = 0; round < 10; round++)
        {
            var sample = SampleTensor.Create(type, random, random.Next(1, 4), random.Next(1, 4), 2);
            using var v2 = await PostAsync(
                $"/v2/models/{model}/infer", $$"""{"inputs":[{"name":"x","datatype":"{{type.Name()}}","shape":{{sample.ShapeText}},"data":{{sample.Flat}}}]}""");
            var expected = Values(v2.RootElement.GetProperty("outputs")[0].GetProperty("data"));

            using var rows = await PostAsync($"/v1/models/{model}:predict", $$"""{"instances":{{sample.Nested}}}""");
            using var columns = await PostAsync($"/v1/models/{model}:predict", $$"""{"inputs":{"x":{{sample.Nested}} } }""");
            using var named = await PostAsync($"/v1/models/{model}/versions/1:predict", Named(sample));
            foreach (var answer in (JsonElement[])[rows.RootElement.GetProperty("predictions"), columns.RootElement.GetProperty("outputs"), named.RootElement.GetProperty("predictions")])
            {
                Assert.Equal(sample.Shape, Shape(answer));
                Assert.Equal(expected, Values(answer));
            }
        }
    }

    [Fact]
    public async Task Predict_SeveralInputsAndOutputs_AreObjectsBothWays()
    {
        using var rows = await PostAsync("/v1/models/pair:predict", """{"instances":[{"a":[1,2],"b":7},{"b":8,"a":[3,4]}]}""");
        Assert.Equal("""{"predictions":[{"sum":[2.0,4.0],"b_out":7},{"sum":[6.0,8.0],"b_out":8}]}""", rows.RootElement.GetRawText());
        using var columns = await PostAsync("/v1/models/pair:predict", """{"inputs":{"a":[[1,2]],"b":[7]}}""");
        Assert.Equal("""{"outputs":{"sum":[[2.0,4.0]],"b_out":[7]}}""", columns.RootElement.GetRawText());
    }

    [Fact]
    public async Task Classify_Softmax_AnswersEveryClass()
    {
        using var answer = await PostAsync("/v1/models/classifier:classify", """{"examples":[{"x":[0,0]},{"x":[200,0]}]}""");
        Assert.Equal("""{"results":[[["0",0.5],["1",0.5]],[["0",1.0],["1",0.0]]]}""", answer.RootElement.GetRawText());
    }

    [Fact]
    public async Task Regress_LinearModel_AnswersItsValues()
    {
        using var answer = await PostAsync("/v1/models/regressor:regress", """{"examples":[{"x":[1,2]},{"x":[3,0.5]}]}""");
        Assert.Equal("""{"results":[21.0,8.0]}""", answer.RootElement.GetRawText());
    }

    [Fact]
    public async Task Predict_Binary_IsBase64BothWays()
    {
        using var answer = await PostAsync("/v1/models/texts:predict", """{"instances":[{"b64":"/wA="},"hi"]}""");
        Assert.Equal("""{"predictions":[{"b64":"/wA="},{"b64":"aGk="}]}""", answer.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("/v1/models/pair:predict", """{"instances":[{"a":[1,2,3],"b":7}]}""", HttpStatusCode.BadRequest, "unexpected shape for input 'a'")]
    [InlineData("/v1/models/pair:classify", """{"examples":[{"a":[1,2,3],"b":7}]}""", HttpStatusCode.BadRequest, "do not fill|unexpected shape")]
    [InlineData("/v1/models/nobody:predict", """{"instances":[1]}""", HttpStatusCode.NotFound, "unknown model: 'nobody'")]
    [InlineData("/v1/models/pair/versions/9:predict", """{"instances":[1]}""", HttpStatusCode.NotFound, "version 9 is not found")]
    [InlineData("/v1/models/pair/labels/stable:predict", """{"instances":[1]}""", HttpStatusCode.NotFound, "stable")]
    public async Task Predict_WhatDoesNotFit_SaysWhy(string path, string body, HttpStatusCode status, string expected)
    {
        using var response = await server.Http.PostAsync(path, new StringContent(body)).WaitAsync(Timeout);
        Assert.Matches(expected, await HttpAssert.ErrorAsync(status, response));
    }

    [Fact]
    public async Task Model_ThatIsServed_IsAvailableReadyAndListed()
    {
        using var model = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/models/PAIR").WaitAsync(Timeout));
        Assert.Equal("pair", model.RootElement.GetProperty("name").GetString());
        Assert.True(model.RootElement.GetProperty("ready").GetBoolean());
        Assert.Equal("AVAILABLE", model.RootElement.GetProperty("model_version_status")[0].GetProperty("state").GetString());
        using var list = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/models").WaitAsync(Timeout));
        Assert.Equal(4 + ElementTypes.AllNames.Count, list.RootElement.GetProperty("models").GetArrayLength());
        using var metadata = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/models/pair/metadata").WaitAsync(Timeout));
        Assert.Equal("1", metadata.RootElement.GetProperty("model_spec").GetProperty("version").GetString());
    }

    private static string Named(SampleTensor sample)
    {
        using var rows = JsonDocument.Parse(sample.Nested);
        return $$"""{"instances":[{{string.Join(',', rows.RootElement.EnumerateArray().Select(row => $"{{\"x\":{row.GetRawText()}}}"))}}]}""";
    }

    private static long[] Shape(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
        ? [value.GetArrayLength(), .. Shape(value[0])]
        : [];

    /// <summary>The elements in order; numbers as what they are worth, for V1 writes whole decimals as 1.0.</summary>
    private static string[] Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(Values)],
        JsonValueKind.Number => [decimal.TryParse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.#############################", CultureInfo.InvariantCulture) : value.GetRawText()],
        JsonValueKind.String => [value.GetString()!],
        _ => [value.GetRawText()],
    };

    private async Task<JsonDocument> PostAsync(string path, string body)
    {
        using var response = await server.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json")).WaitAsync(Timeout);
        var text = await response.Content.ReadAsStringAsync().WaitAsync(Timeout);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }
}
