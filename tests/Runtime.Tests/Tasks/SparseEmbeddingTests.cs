using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks;

public sealed class SparseEmbeddingTests
{
    [Fact]
    public async Task Sparse_Texts_HaveTheHighestOfEachTokenOfTheVocabulary()
    {
        await using var folder = new TaskTestFolder();
        Splade().SaveTokens(folder.Folder("splade"), "logits");
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("splade", [("text", ["red", "red blue red", "other"])]);

        Assert.Equal(["index", "value", "count"], answer.Names);
        Assert.Equal([1, 3, 0], answer.Longs("count"));
        Assert.Equal([1, 0, 0, 0, 1, 3, 0, 0, 0], answer.Longs("index"));
        float[] expected = [MathF.Log(3), 0, 0, MathF.Log(2), MathF.Log(3), MathF.Log(1.5f), 0, 0, 0];
        Assert.Equal(expected, answer.Floats("value"), (one, other) => MathF.Abs(one - other) < 1e-6f);
    }

    [Fact]
    public async Task Sparse_NothingMatters_IsEmpty()
    {
        await using var folder = new TaskTestFolder();
        Splade().SaveTokens(folder.Folder("splade"), "logits");
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("splade", [("text", ["other"])]);

        Assert.Equal([1, 0], answer.Shape("value"));
        Assert.Equal([0], answer.Longs("count"));
    }

    [Fact]
    public async Task Sparse_InWindows_IsThatOfTheWholeText()
    {
        await using var folder = new TaskTestFolder();
        Splade().SaveTokens(folder.Folder("splade"), "logits");
        await folder.StartAsync();
        (string, string[])[] text = [("text", ["red other other blue other other red other"])];

        var whole = await folder.AnswerAsync("splade", text);
        var windows = await folder.AnswerAsync("splade", text, new { max_tokens = 5, overflow = "windows" });
        var cut = await folder.AnswerAsync("splade", text, new { max_tokens = 5 });

        Assert.Equal(whole.Longs("index"), windows.Longs("index"));
        Assert.Equal(whole.Floats("value"), windows.Floats("value"));
        Assert.Equal([1L], cut.Longs("index"));
    }

    [Fact]
    public async Task Sparse_MaskedLanguageModel_IsOneWhereItIsNamed()
    {
        await using var folder = new TaskTestFolder();
        var model = Splade();
        model.Files.Clear();
        model.SaveTokens(folder.Folder("masks"), "logits");
        model.SaveTokens(folder.Folder("named"), "logits");
        await File.WriteAllTextAsync(Path.Combine(folder.Folder("named"), "model.yaml"), "task: sparse-embedding");
        await folder.StartAsync();

        Assert.True(folder.Engine.GetMetadata("masks").TryGetValue(out var masks, out _));
        Assert.True(folder.Engine.GetMetadata("named").TryGetValue(out var named, out _));
        Assert.Equal(("fill-mask", "sparse-embedding"), (masks.Task?.Name, named.Task?.Name));
    }

    private static TextModel Splade()
    {
        var model = new TextModel(4).Word("red", -1, 2, 0, -3).Word("blue", 1, 1, -2, 0.5f);
        model.Config["architectures"] = new[] { "BertForMaskedLM" };
        model.Files["modules.json"] = new[] { new { type = "sentence_transformers.sparse_encoder.models.SpladePooling.SpladePooling" }, };
        return model;
    }
}
