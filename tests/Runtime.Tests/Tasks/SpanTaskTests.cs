using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>The tasks that find parts of texts: entities and answers.</summary>
public sealed class SpanTaskTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["0"] = "O", ["1"] = "B-PER", ["2"] = "I-PER", ["3"] = "B-LOC" };

    [Fact]
    public async Task Entities_OneAfterTheOther_AreGroupedByTheirTags()
    {
        await using var folder = new TaskTestFolder();
        Names().SaveTokens(folder.Folder("names"), "logits");
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("names", [("text", ["Ada Byron met Bob in Paris", "no name"])]);

        Assert.Equal([2, 3], answer.Shape("entity"));
        Assert.Equal(["PER", "PER", "LOC", "", "", ""], answer.Texts("entity"));
        Assert.Equal(["Ada Byron", "Bob", "Paris", "", "", ""], answer.Texts("word"));
        Assert.Equal([0, 14, 21, 0, 0, 0], answer.Longs("start"));
        Assert.Equal([9, 17, 26, 0, 0, 0], answer.Longs("end"));
        Assert.Equal([3, 0], answer.Longs("count"));
    }

    [Fact]
    public async Task Entities_EachToken_WhereNothingIsGrouped()
    {
        await using var folder = new TaskTestFolder();
        Names().SaveTokens(folder.Folder("names"), "logits");
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("names", [("text", ["é Ada Byron"])], new { aggregation_strategy = "none", ignore_labels = "X" });

        Assert.Equal(["O", "B-PER", "I-PER"], answer.Texts("entity"));
        Assert.Equal([1, 2, 3], answer.Longs("index"));
        Assert.Equal([0, 2, 6], answer.Longs("start"));
        Assert.Equal((float)(Math.Exp(5) / (Math.Exp(5) + 3)), answer.Floats("score")[1], 1e-5f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Entities_InWindows_AreThoseOfTheWholeText(int stride)
    {
        await using var folder = new TaskTestFolder();
        Names().SaveTokens(folder.Folder("names"), "logits");
        await folder.StartAsync();
        (string, string[])[] text = [("text", ["Ada Byron met Bob in Paris and Ada in Paris with Ada Byron"])];

        var whole = await folder.AnswerAsync("names", text);
        var windows = await folder.AnswerAsync("names", text, new { max_tokens = 6, stride });

        Assert.Equal(whole.Texts("word"), windows.Texts("word"));
        Assert.Equal(whole.Longs("start"), windows.Longs("start"));
        Assert.Equal(whole.Floats("score"), windows.Floats("score"));
    }

    [Fact]
    public async Task Answer_Span_IsTheLikeliestWithinItsLength()
    {
        await using var folder = new TaskTestFolder();
        Spans().SaveSpans(folder.Folder("spans"));
        await folder.StartAsync();
        (string, string[])[] asked = [("question", ["where"]), ("context", ["she lives in New York City now"])];

        var one = await folder.AnswerAsync("spans", asked);
        var brief = await folder.AnswerAsync("spans", asked, new { max_answer_len = 1, top_k = 2 });

        Assert.Equal(["New York City"], one.Texts("answer"));
        Assert.Equal([13], one.Longs("start"));
        Assert.Equal([26], one.Longs("end"));

        // Beginnings and ends over the seven words of the context: New begins with 4, City ends with 4, the rest 0.
        var share = Math.Exp(4) / (Math.Exp(4) + 6);
        Assert.Equal((float)(share * share), one.Floats("score")[0], 1e-4f);
        Assert.Equal(["City", "New"], brief.Texts("answer").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Answer_LongContext_IsReadInWindows()
    {
        await using var folder = new TaskTestFolder();
        Spans().SaveSpans(folder.Folder("spans"));
        await folder.StartAsync();
        var context = string.Join(' ', Enumerable.Repeat("she lives", 20)) + " in New York City now";

        var answer = await folder.AnswerAsync("spans", [("question", ["where"]), ("context", [context])], new { max_tokens = 12, stride = 4 });

        Assert.Equal(["New York City"], answer.Texts("answer"));
        Assert.Equal(context.IndexOf("New", StringComparison.Ordinal), answer.Longs("start")[0]);
    }

    [Fact]
    public async Task Answer_None_IsEmptyWhereTheFirstTokenSaysSo()
    {
        await using var folder = new TaskTestFolder();
        var model = Spans().Word("[CLS]", 9, 9);
        model.SaveSpans(folder.Folder("spans"));
        await folder.StartAsync();
        (string, string[])[] asked = [("question", ["where"]), ("context", ["New York City"])];

        var may = await folder.AnswerAsync("spans", asked, new { handle_impossible_answer = true });
        var must = await folder.AnswerAsync("spans", asked);

        Assert.Equal([""], may.Texts("answer"));
        Assert.Equal(["New York City"], must.Texts("answer"));
    }

    private static TextModel Names()
    {
        var model = new TextModel(4).Word("[UNK]", 5, 0, 0, 0).Word("Ada", 0, 5, 0, 0).Word("Bob", 0, 5, 0, 0).Word("Byron", 0, 0, 5, 0).Word("Paris", 0, 0, 0, 5);
        model.Config["architectures"] = new[] { "BertForTokenClassification" };
        model.Config["id2label"] = Labels;
        return model;
    }

    private static TextModel Spans()
    {
        var model = new TextModel(2).Word("New", 4, 0).Word("York", 0, 0).Word("City", 0, 4);
        model.Config["architectures"] = new[] { "BertForQuestionAnswering" };
        return model;
    }
}
