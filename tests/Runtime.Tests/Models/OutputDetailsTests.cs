using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Tests.Batching;
using Serving.Runtime.Tests.Repository;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Models;

/// <summary>Labels and batch axes of outputs, from the files to the response.</summary>
public sealed class OutputDetailsTests
{
    [Theory]
    [InlineData("model.yaml", "outputs: {y: {labels: labels.txt}}")]
    [InlineData("config.pbtxt", "max_batch_size: 4 output { name: 'y' label_filename: 'labels.txt' }")]
    public async Task Labels_InTheModelsFolder_ComeWithTheResponse(string file, string config)
    {
        using var folder = TestModels.Save(("m", TestModels.Square()));
        File.WriteAllText(folder[$"m/{file}"], config);
        File.WriteAllText(folder["m/labels.txt"], "cat\r\n\r\ndüne \n");
        var details = await AskAsync(folder, "y");
        Assert.Equal(["cat", "", "düne"], details.Labels);
        Assert.Equal(0, details.BatchAxis);
    }

    [Fact]
    public async Task Labels_InTheVersionsFolder_GoBeforeTheModels()
    {
        using var folder = TestModels.Save(("m", TestModels.Square()));
        File.WriteAllText(folder["m/model.yaml"], "outputs: {y: {labels: labels.txt}}");
        File.WriteAllText(folder["m/labels.txt"], "old");
        File.WriteAllText(folder["m/1/labels.txt"], "new");
        Assert.Equal(["new"], (await AskAsync(folder, "y")).Labels);
    }

    [Theory]
    [InlineData("outputs: {y: {labels: labels.txt}}", null, "labels of output 'y' are missing")]
    [InlineData("outputs: {z: {labels: labels.txt}}", "a", "labels are given for output 'z', which is not in the graph; its outputs are 'y'")]
    [InlineData("outputs: {y: {labels: labels.txt}}", "\xff", "is not UTF-8 text")]
    [InlineData("outputs: {y: {labels: labels.json}}", "{\"id2label\":{\"1\":\"a\"}}", "has no id2label")]
    public async Task Labels_ThatCannotBeUsed_FailTheLoad(string yaml, string? labels, string reason)
    {
        using var folder = TestModels.Save(("m", TestModels.Square()));
        File.WriteAllText(folder["m/model.yaml"], yaml);
        if (labels is not null)
        {
            File.WriteAllBytes(folder[yaml.Contains("json", StringComparison.Ordinal) ? "m/labels.json" : "m/labels.txt"], Encoding.Latin1.GetBytes(labels));
        }

        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.Contains(reason, Assert.Single(fixture.Engine.GetIndex()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id2label":{"1":"dog","0":"cat"}}""", "logits", new[] { "cat", "dog" })]
    [InlineData("""{"id2label":{"1":"dog","0":"cat"}}""", "hidden", new string[0])]
    [InlineData("""{"id2label":{"0":"cat","2":"dog"}}""", "logits", new string[0])]
    [InlineData("""{"id2label":{"0":"cat","1":2}}""", "logits", new string[0])]
    [InlineData("""{"id2label":["cat"]}""", "logits", new string[0])]
    [InlineData("""{"id2label":{"0":"a","1":"\ud800"}}""", "logits", new string[0])]
    [InlineData("[]", "logits", new string[0])]
    [InlineData("{", "logits", new string[0])]
    public async Task Labels_OfAHuggingFaceExport_AreThoseOfItsLogits(string config, string output, string[] labels)
    {
        using var folder = new ScratchFolder();
        new OnnxGraphBuilder().Input("x", "FP32", "batch", "n").Output(output, "FP32", "batch", "n").Node("Mul", ["x", "x"], [output])
            .Save(folder["m/model.onnx"]);
        File.WriteAllText(folder["m/config.json"], config);
        Assert.Equal(labels, (await AskAsync(folder, output)).Labels);
    }

    [Theory]
    [InlineData("max_batch_size: 0", null)]
    [InlineData("max_batch_size: 1", 0)]
    [InlineData("", 0)]
    public async Task BatchAxis_OfATritonModel_IsWhatItsConfigurationSays(string config, int? axis)
    {
        using var folder = TestModels.Save(("m", TestModels.Square()));
        File.WriteAllText(folder["m/config.pbtxt"], config);
        Assert.Equal(axis, (await AskAsync(folder, "y")).BatchAxis);
    }

    private static async Task<OutputDetails> AskAsync(ScratchFolder folder, string output)
    {
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        using var response = await fixture.InferAsync(Requests.To("m", Requests.Floats("x", [1, 2], 1, 2)));
        return response.OutputDetails[output];
    }
}
