using System.Text.Json;
using Serving.Server.Tests.Rest.Dialects;

namespace Serving.Server.Tests.EndToEnd.Tasks;

/// <summary>Texts beyond the 16 tokens that the models take, over REST: nothing of them is lost in windows.</summary>
public sealed class LongTextTests(DialectServer server) : IClassFixture<DialectServer>
{
    private static readonly string Filler = string.Join(' ', Enumerable.Repeat("then", 30));

    [Theory]
    [InlineData("")]
    [InlineData(""","parameters":{"stride":0}""")]
    [InlineData(""","parameters":{"stride":7}""")]
    [InlineData(""","parameters":{"stride":14}""")]
    [InlineData(""","parameters":{"max_tokens":5,"stride":1}""")]
    public async Task Names_LongText_AreFoundWhereverTheyAre(string parameters)
    {
        var text = $"Ada met {Filler} Bob";

        var outputs = await InferAsync("names", parameters, ("text", text));

        Assert.Equal(["Ada", "Bob"], outputs["word"].EnumerateArray().Select(word => word.GetString()));
        Assert.Equal([0, text.Length - 3], outputs["start"].EnumerateArray().Select(start => start.GetInt32()));
        Assert.Equal([3, text.Length], outputs["end"].EnumerateArray().Select(end => end.GetInt32()));
        Assert.Equal(2, outputs["count"][0].GetInt32());
    }

    [Fact]
    public async Task Names_LongTextCut_LosesItsEnd()
    {
        var outputs = await InferAsync("names", ""","parameters":{"overflow":"truncate"}""", ("text", $"Ada met {Filler} Bob"));

        Assert.Equal(["Ada"], outputs["word"].EnumerateArray().Select(word => word.GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","parameters":{"stride":0}""")]
    [InlineData(""","parameters":{"stride":4}""")]
    public async Task Answer_LongContext_IsFoundWhereverItIs(string parameters)
    {
        var context = $"{Filler} in New City {Filler}";

        var outputs = await InferAsync("spans", parameters, ("question", "where"), ("context", context));

        Assert.Equal("New City", outputs["answer"][0].GetString());
        Assert.Equal(context.IndexOf("New", StringComparison.Ordinal), outputs["start"][0].GetInt32());
    }

    [Theory]
    [InlineData("/models/names", """{"inputs":"Ada LONG Bob","parameters":{"stride":3}}""", """[{"entity_group":"PER","score":0.987,"word":"Ada","start":0,"end":3,"index":1},{"entity_group":"PER","score":0.987,"word":"Bob","start":154,"end":157,"index":32}]""")]
    [InlineData("/models/names", """{"inputs":"Ada LONG Bob","parameters":{"truncation":true}}""", """[{"entity_group":"PER","score":0.987,"word":"Ada","start":0,"end":3,"index":1}]""")]
    [InlineData("/models/spans", """{"inputs":{"question":"x","context":"LONG New City"},"parameters":{"doc_stride":4}}""", "New City")]
    [InlineData("/models/spans", """{"inputs":{"question":"x","context":"LONG New City"},"parameters":{"doc_stride":2,"max_seq_len":8}}""", "New City")]
    [InlineData("/models/spans", """{"inputs":{"question":"x","context":"LONG New City"},"parameters":{"doc_stride":4,"max_seq_len":8}}""", "stride of 4 must be less than the 4 tokens that there is room for")]
    [InlineData("/models/names", """{"inputs":"Ada LONG","parameters":{"truncate":false}}""", "a text has 33 tokens, allowed are 16")]
    public async Task HuggingFace_LongText_IsReadAsAsked(string path, string json, string expected)
    {
        var (_, body) = await server.PostAsync(path, json.Replace("LONG", Filler, StringComparison.Ordinal));

        Assert.Contains(expected, body, StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, JsonElement>> InferAsync(string model, string parameters, params (string Name, string Text)[] inputs)
    {
        var tensors = inputs.Select(input => $$"""{"name":"{{input.Name}}","datatype":"BYTES","shape":[1],"data":["{{input.Text}}"]}""");
        var (status, body) = await server.PostAsync($"/v2/models/{model}/infer", $$"""{"inputs":[{{string.Join(',', tensors)}}]{{parameters}}}""");
        Assert.True(status == 200, body);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("outputs").EnumerateArray().ToDictionary(output => output.GetProperty("name").GetString()!, output => output.GetProperty("data").Clone());
    }
}
