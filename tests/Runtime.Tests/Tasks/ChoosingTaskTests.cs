using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>Reranking, zero-shot classification, masks and pages.</summary>
public sealed class ChoosingTaskTests
{
    [Fact]
    public async Task Rerank_Texts_AreScoredAgainstTheQuery()
    {
        await using var folder = new TaskTestFolder();
        var model = new TextModel(1).Word("cat", 2).Word("dog", -1).Word("pet", 0.5f);
        model.Config["architectures"] = new[] { "BertForSequenceClassification" };
        model.SaveSums(folder.Folder("rerank"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("rerank", [("query", ["pet"]), ("text", ["cat", "dog", "cat dog"])]);
        var raw = await folder.AnswerAsync("rerank", [("query", ["pet"]), ("text", ["cat", "dog", "cat dog"])], new { raw_scores = true });

        Assert.Equal([2.5f, -0.5f, 1.5f], raw.Floats("score"));
        Assert.Equal([1 / (1 + MathF.Exp(-2.5f)), 1 / (1 + MathF.Exp(0.5f)), 1 / (1 + MathF.Exp(-1.5f))], answer.Floats("score"), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public async Task ZeroShot_OwnLabels_AreScoredByEntailment()
    {
        await using var folder = new TaskTestFolder();
        var model = new TextModel(3).Word("sport", -1, 0, 3).Word("art", 1, 0, 1).Word("ball", 0, 0, 1);
        model.Config["architectures"] = new[] { "BertForSequenceClassification" };
        model.Config["id2label"] = new Dictionary<string, string> { ["0"] = "contradiction", ["1"] = "neutral", ["2"] = "ENTAILMENT" };
        model.SaveSums(folder.Folder("nli"));
        await folder.StartAsync();
        (string, string[])[] text = [("text", ["ball"])];

        var one = await folder.AnswerAsync("nli", text, new { candidate_labels = (string[])["art", "sport"] });
        var many = await folder.AnswerAsync("nli", text, new { candidate_labels = "art, sport", multi_label = true });
        var own = await folder.AnswerAsync("nli", text);

        Assert.Equal(["sport", "art"], one.Texts("label"));
        Assert.Equal([(float)(Math.Exp(4) / (Math.Exp(4) + Math.Exp(2))), (float)(Math.Exp(2) / (Math.Exp(4) + Math.Exp(2)))], one.Floats("score"), (a, b) => Math.Abs(a - b) < 1e-5);

        // Entailment 4 against contradiction -1, and 2 against 1.
        Assert.Equal([1 / (1 + MathF.Exp(-5)), 1 / (1 + MathF.Exp(-1))], many.Floats("score"), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal("ENTAILMENT", own.Texts("label")[0]);
        Assert.Contains("hypothesis_template", await folder.FailAsync("nli", text, new { candidate_labels = "art", hypothesis_template = "no place" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FillMask_TwoMasks_EachHasCandidates()
    {
        await using var folder = new TaskTestFolder();
        var model = new TextModel(8).Word("[MASK]", 0, 0, 0, 0, 0, 3, 2, 1).Word("red", 0, 0, 0, 0, 0, 0, 0, 0).Word("green", 0, 0, 0, 0, 0, 0, 0, 0).Word("blue", 0, 0, 0, 0, 0, 0, 0, 0);
        model.Config["architectures"] = new[] { "BertForMaskedLM" };
        model.SaveTokens(folder.Folder("mask"), "logits");
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("mask", [("text", ["[MASK] or [MASK]", "red [MASK]"])], new { top_k = 2 });
        var chosen = await folder.AnswerAsync("mask", [("text", ["red [MASK]"])], new { targets = "blue,green" });

        Assert.Equal(["red", "green", "red", "green", "red", "green", "", ""], answer.Texts("token_str"));
        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 0], answer.Longs("mask"));
        Assert.Equal([4, 2], answer.Longs("count"));
        Assert.Equal("red red", answer.Texts("sequence")[4]);
        Assert.Equal((float)(Math.Exp(3) / (Math.Exp(3) + Math.Exp(2) + Math.Exp(1) + 5)), answer.Floats("score")[0], 1e-5f);
        Assert.Equal(["green", "blue"], chosen.Texts("token_str"));
        Assert.Equal("InvalidInput: text 1 has no mask; put [MASK] where a token is to be found", await folder.FailAsync("mask", [("text", ["[MASK]", "none"])]));
        Assert.Contains("no token 'purple'", await folder.FailAsync("mask", [("text", ["[MASK]"])], new { targets = "purple" }), StringComparison.Ordinal);
    }
}
