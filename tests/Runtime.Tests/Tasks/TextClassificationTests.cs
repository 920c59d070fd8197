using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks;

public sealed class TextClassificationTests
{
    private const float Near = 1e-5f;

    [Fact]
    public async Task Ask_SeveralTexts_AreScoredBestFirst()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("mood", [("text", ["good day", "bad bad day"])]);

        Assert.Equal(["label", "score"], answer.Names);
        Assert.Equal([2, 3], answer.Shape("label"));
        Assert.Equal(["happy", "LABEL_2", "sad", "sad", "LABEL_2", "happy"], answer.Texts("label"));
        Equal([.. Softmax(2, 0.5, -1)[..1], Softmax(2, 0.5, -1)[1], Softmax(2, 0.5, -1)[2]], answer.Floats("score")[..3]);
    }

    [Fact]
    public async Task Ask_Options_AreFollowed()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        var one = await folder.AnswerAsync("mood", [("text", ["good day"])], new { top_k = 1 });
        var raw = await folder.AnswerAsync("mood", [("text", ["good day"])], new { function_to_apply = "none" });
        var most = await folder.AnswerAsync("mood", [("text", ["good day", "bad bad day"])], new { function_to_apply = "none", threshold = 1 }, "score", "label", "tokens");

        Assert.Equal(["happy"], one.Texts("label"));
        Equal([2, 0.5, -1], raw.Floats("score"));
        Assert.Equal(["score", "label", "tokens"], most.Names);
        Assert.Equal(["happy", "sad"], most.Texts("label"));
        Assert.Equal([4, 5], most.Longs("tokens"));
    }

    [Fact]
    public async Task Ask_MultiLabelProblem_ScoresEachByItself()
    {
        await using var folder = new TaskTestFolder();
        var model = Model();
        model.Config["problem_type"] = "multi_label_classification";
        model.SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("mood", [("text", ["good day"])]);

        Equal([1 / (1 + Math.Exp(-2)), 1 / (1 + Math.Exp(-0.5)), 1 / (1 + Math.Exp(1))], answer.Floats("score"));
    }

    [Fact]
    public async Task Ask_Pair_IsReadTogether()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("mood", [("text", ["good day"]), ("text_pair", ["bad"])], new { function_to_apply = "none" }, "label", "score", "tokens");

        Assert.Equal([6], answer.Longs("tokens"));
        Equal([1, 0.5, 0.5], answer.Floats("score"));
    }

    [Fact]
    public async Task Ask_LongText_IsCutRefusedOrReadInWindows()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();
        (string, string[])[] text = [("text", ["good bad bad bad"])];

        var cut = await folder.AnswerAsync("mood", text, new { max_tokens = 4, function_to_apply = "none" });
        var left = await folder.AnswerAsync("mood", text, new { max_tokens = 3, function_to_apply = "none", truncation_direction = "left" });
        var windows = await folder.AnswerAsync("mood", text, new { max_tokens = 4, stride = 0, overflow = "windows", function_to_apply = "none" });
        var refused = await folder.FailAsync("mood", text, new { max_tokens = 4, overflow = "refuse" });

        Equal([1, 0.5, 0], cut.Floats("score"));
        Equal([1.5, 0, -1], left.Floats("score"));

        // The windows are (good, bad) and (bad, bad).
        Equal([1.75, 0, -0.5], windows.Floats("score"));
        Assert.Equal("TooLarge: a text has 6 tokens, allowed are 4", refused);
    }

    [Theory]
    [InlineData("""{"top_k": 0}""", "InvalidInput: parameter 'top_k' is '0', expected a whole number from 1 to 1000000")]
    [InlineData("""{"topk": 1}""", "InvalidInput: parameter 'topk' is unknown to the task 'text-classification'; did you mean 'top_k'?")]
    [InlineData("""{"overflow": "wrap"}""", "InvalidInput: parameter 'overflow' is '\"wrap\"', expected truncate, refuse or windows")]
    public async Task Ask_WrongParameter_SaysWhatIsExpected(string parameters, string expected)
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        Assert.Equal(expected, await folder.FailAsync("mood", [("text", ["good"])], System.Text.Json.JsonSerializer.Deserialize<object>(parameters)));
    }

    private static TextModel Model()
    {
        var model = new TextModel(3).Word("good", 2, -1, 0).Word("bad", -1, 1.5f, 0).Word("day", 0, 0, 0.5f);
        model.Config["architectures"] = new[] { "BertForSequenceClassification" };
        model.Config["id2label"] = new Dictionary<string, string> { ["0"] = "happy", ["1"] = "sad" };
        return model;
    }

    private static double[] Softmax(params double[] values) => [.. values.Select(value => Math.Exp(value) / values.Sum(Math.Exp))];

    private static void Equal(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal((float)pair.First, pair.Second, Near));
    }
}
