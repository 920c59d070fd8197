using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks;

public sealed class EmbeddingTests
{
    [Theory]
    [InlineData("cls", new float[] { 1, 0, 0 })]
    [InlineData("mean", new float[] { 1, 1, 1 })]
    [InlineData("max", new float[] { 2, 4, 3 })]
    [InlineData("mean_sqrt_len", new float[] { 2, 2, 2 })]
    [InlineData("weighted_mean", new float[] { 0.9f, 1.2f, 1.3f })]
    [InlineData("last_token", new float[] { 1, 0, 1 })]
    public async Task Ask_Pooling_IsThatOfTheFiles(string pooling, float[] expected)
    {
        await using var folder = new TaskTestFolder();
        var model = Model();
        var key = pooling switch { "cls" => "cls_token", "mean" => "mean_tokens", "max" => "max_tokens", "mean_sqrt_len" => "mean_sqrt_len_tokens", "weighted_mean" => "weightedmean_tokens", _ => "lasttoken" };
        model.Files["1_Pooling/config.json"] = new Dictionary<string, object> { ["pooling_mode_" + key] = true, ["word_embedding_dimension"] = 3 };
        model.SaveTokens(folder.Folder("vectors"));
        await folder.StartAsync();

        // [CLS] = (1,0,0), one = (2,0,0), two = (0,4,3), [SEP] = (1,0,1).
        var answer = await folder.AnswerAsync("vectors", [("text", ["one two"])]);

        Assert.Equal([1, 3], answer.Shape("embedding"));
        Assert.All(expected.Zip(answer.Floats("embedding")), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public async Task Ask_ManyTexts_EachAsAlone()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveTokens(folder.Folder("vectors"));
        await folder.StartAsync();
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => string.Join(' ', Enumerable.Range(0, 1 + (i % 17)).Select(j => (i + j) % 3 == 0 ? "one" : "two")))];

        var together = await folder.AnswerAsync("vectors", [("text", texts)]);

        for (var i = 0; i < texts.Length; i += 29)
        {
            var alone = await folder.AnswerAsync("vectors", [("text", [texts[i]])]);
            Assert.All(alone.Floats("embedding").Zip(together.Floats("embedding")[(i * 3)..]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public async Task Ask_NormalizedAndShortened_HasLengthOne()
    {
        await using var folder = new TaskTestFolder();
        var model = Model();
        model.Files["modules.json"] = new[] { new { type = "sentence_transformers.models.Transformer" }, new { type = "sentence_transformers.models.Normalize" } };
        model.SaveTokens(folder.Folder("vectors"));
        await folder.StartAsync();

        var own = await folder.AnswerAsync("vectors", [("text", ["two"])]);
        var two = await folder.AnswerAsync("vectors", [("text", ["two"])], new { dimensions = 2 });
        var raw = await folder.AnswerAsync("vectors", [("text", ["two"])], new { normalize = false });

        Assert.Equal(1, own.Floats("embedding").Sum(x => x * x), 1e-5);
        Assert.Equal(1, two.Floats("embedding").Sum(x => x * x), 1e-5);
        Assert.Equal(2, two.Floats("embedding").Length);
        Assert.Equal([2 / 3f, 4 / 3f, 4 / 3f], raw.Floats("embedding"), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal("InvalidInput: parameter 'dimensions' is 4, the model's vectors have 3", await folder.FailAsync("vectors", [("text", ["two"])], new { dimensions = 4 }));
    }

    [Fact]
    public async Task Ask_TokenVectors_ArePaddedToTheLongest()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveTokens(folder.Folder("vectors"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("vectors", [("text", ["one two", "one"])], null, "token_embeddings", "tokens");

        Assert.Equal([2, 4, 3], answer.Shape("token_embeddings"));
        Assert.Equal([4, 3], answer.Longs("tokens"));
        Assert.Equal([1, 0, 0, 2, 0, 0, 0, 4, 3, 1, 0, 1, 1, 0, 0, 2, 0, 0, 1, 0, 1, 0, 0, 0], answer.Floats("token_embeddings"));
    }

    [Fact]
    public async Task Ask_Prompts_ArePutBefore()
    {
        await using var folder = new TaskTestFolder();
        var model = Model();
        model.Files["config_sentence_transformers.json"] = new { prompts = new { query = "two ", passage = "" }, default_prompt_name = "passage" };
        model.SaveTokens(folder.Folder("vectors"));
        await folder.StartAsync();
        var expected = (await folder.AnswerAsync("vectors", [("text", ["two one"])])).Floats("embedding");

        var named = await folder.AnswerAsync("vectors", [("text", ["one"])], new { prompt_name = "query" });
        var own = await folder.AnswerAsync("vectors", [("text", ["one"])], new { prompt = "two " });

        Assert.Equal(expected, named.Floats("embedding"));
        Assert.Equal(expected, own.Floats("embedding"));
        Assert.Equal("InvalidInput: parameter 'prompt_name': there is no prompt 'quary'; did you mean 'query'?", await folder.FailAsync("vectors", [("text", ["one"])], new { prompt_name = "quary" }));
    }

    [Fact]
    public async Task Ask_Windows_AreAveragedByTokens()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveTokens(folder.Folder("vectors"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("vectors", [("text", ["one one two"])], new { max_tokens = 4, stride = 0, overflow = "windows" });

        // Windows [CLS] one one [SEP] and [CLS] two [SEP]: (6,0,1) and (2,4,4) over 7 tokens.
        Assert.Equal([8 / 7f, 4 / 7f, 5 / 7f], answer.Floats("embedding"), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public async Task Load_DenseLayerOutsideTheGraph_IsServedByTensorsWithAWarning()
    {
        await using var folder = new TaskTestFolder();
        var model = Model();
        model.Files["modules.json"] = new[] { new { type = "sentence_transformers.models.Dense" } };
        model.SaveTokens(folder.Folder("vectors"));
        await folder.StartAsync();

        Assert.True(folder.Engine.GetDetails("vectors").TryGetValue(out var details, out _));

        Assert.Null(details[0].Task);
        Assert.Contains("Dense", Assert.Single(details[0].Warnings), StringComparison.Ordinal);
    }

    private static TextModel Model()
    {
        var model = new TextModel(3).Word("[CLS]", 1, 0, 0).Word("[SEP]", 1, 0, 1).Word("one", 2, 0, 0).Word("two", 0, 4, 3);
        model.Config["architectures"] = new[] { "BertModel" };
        return model;
    }
}
