using Serving.Runtime.Models;
using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks.Tables;

public sealed class TabularTests
{
    [Theory]
    [InlineData("""{"height": 1, "weight": 2.5}""", "sum,heavy,tall", new float[] { 3.5f, 2.5f, 1 })]
    [InlineData("""[4, "-1e0"]""", "tall,sum,heavy", new float[] { 4, 3, -1 })]
    [InlineData("""{"weight": true, "height": "2"}""", "sum,tall,heavy", new float[] { 3, 2, 1 })]
    public async Task Ask_Rows_AreClassified(string row, string labels, float[] scores)
    {
        await using var folder = await StartAsync("{name: tabular-classification, columns: [height, weight], labels: [tall, heavy, sum]}");

        var answer = await folder.AnswerAsync("people", [("row", [row, "[0, 0]"])]);

        Assert.Equal([2, 3], answer.Shape("label"));
        Assert.Equal(labels, string.Join(',', answer.Texts("label").Take(3)));
        Assert.Equal(scores, answer.Floats("score").Take(3));
    }

    [Fact]
    public async Task Ask_ColumnsAndClassesWithoutNames_HaveNumbers()
    {
        await using var folder = await StartAsync("tabular-classification", "logits");

        var answer = await folder.AnswerAsync("people", [("row", ["[0, 1]"])], new { top_k = 2 });

        Assert.Equal(["1", "2"], answer.Texts("label"));
        Assert.All(answer.Floats("score"), score => Assert.Equal(0.4223f, score, 4));
    }

    [Theory]
    [InlineData("""{"height": 1}""", "input 'row' element 1: column 'weight' is missing; what is not known is null")]
    [InlineData("""{"height": 1, "wieght": 1}""", "input 'row' element 1: there is no column 'wieght'; did you mean 'weight'?")]
    [InlineData("""[1]""", "input 'row' element 1: it has 1 cells, expected 2")]
    [InlineData("""[1, "much"]""", "input 'row' element 1: column 'weight' is '\"much\"', expected a number of FP32, or null where it is not known")]
    [InlineData("""[1, 1e300]""", "input 'row' element 1: column 'weight' is '1e300', expected a number of FP32, or null where it is not known")]
    [InlineData("""[1, [2]]""", "input 'row' element 1: column 'weight' is '[2]', expected a number of FP32, or null where it is not known")]
    [InlineData("1", "input 'row' element 1: it is Number in JSON, expected an object with a cell for each column or a list of cells")]
    [InlineData("""{"\ud800": 1}""", "input 'row' element 1: a column's name has half of a surrogate pair, which is no text")]
    public async Task Ask_WrongRow_SaysWhichAndWhy(string row, string expected)
    {
        await using var folder = await StartAsync("{name: tabular-classification, columns: [height, weight]}");

        Assert.Equal($"InvalidInput: {expected}", await folder.FailAsync("people", [("row", ["[1, 2]", row])]));
    }

    [Fact]
    public async Task Ask_NoJson_SaysWhereItEnds()
    {
        await using var folder = await StartAsync("tabular-classification");

        Assert.StartsWith("InvalidInput: input 'row' element 0: it is not JSON: ", await folder.FailAsync("people", [("row", ["[1, 2"])]), StringComparison.Ordinal);
        Assert.Contains("the columns have no names (task.columns in model.yaml gives them)", await folder.FailAsync("people", [("row", ["{}"])]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ColumnsOfSeveralTypes_GiveANumber()
    {
        await using var folder = new TaskTestFolder();
        TableModel.SavePrices(folder.Folder("prices"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("prices", [("row", [
            """{"rooms": 3.5, "floor": 2, "garden": true, "town": "Rome"}""",
            """{"town": 7, "garden": "false", "floor": "-1", "rooms": null}"""])]);

        Assert.Equal([2, 1], answer.Shape("value"));
        Assert.Equal([15.5f, float.NaN], answer.Floats("value"));
        Assert.Equal(
            "InvalidInput: input 'row' element 0: column 'floor' is '2.5', expected a whole number of INT64",
            await folder.FailAsync("prices", [("row", ["""{"rooms": 1, "floor": 2.5, "garden": 0, "town": ""}"""])]));
    }

    [Theory]
    [InlineData("{name: tabular-classification, columns: [height]}", "task.columns names 1 different columns, the input 'X' has 2")]
    [InlineData("{name: tabular-classification, columns: [height, height]}", "task.columns names 1 different columns, the input 'X' has 2")]
    [InlineData("{name: tabular-classification, labels: [a, b]}", "task.labels names 2 classes, the output 'probabilities' has 3")]
    [InlineData("{name: tabular-regression, labels: [a]}", "task.labels: the task 'tabular-regression' has no such option")]
    public async Task Load_WrongNames_IsRefused(string task, string expected)
    {
        await using var folder = await StartAsync(task);

        var model = Assert.Single(folder.Engine.GetIndex());
        Assert.Equal(ModelState.Unavailable, model.State);
        Assert.Contains(expected, model.Reason, StringComparison.Ordinal);
    }

    private static async Task<TaskTestFolder> StartAsync(string task, string output = "probabilities")
    {
        var folder = new TaskTestFolder();
        TableModel.SaveClasses(folder.Folder("people"), task, output);
        await folder.StartAsync();
        return folder;
    }
}
