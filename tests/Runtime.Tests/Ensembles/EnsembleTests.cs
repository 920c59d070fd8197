using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tests.Tasks;
using Serving.TestKit.Graphs;
using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Ensembles;

/// <summary>Ensembles of graphs that add and multiply, so that what they answer can be worked out by hand.</summary>
public sealed class EnsembleTests
{
    [Fact]
    public async Task Ask_Chain_IsTheModelsOneAfterTheOther()
    {
        await using var folder = Repository("""
            steps:
              - {model: twice, inputs: {x: more}, outputs: {y: result}}
              - {model: plus, inputs: {x: given}, outputs: {y: more}}
            """);
        await folder.StartAsync();

        Assert.Equal((float[])[22f, 24f], await AskAsync(folder, [10, 11], "result"));
        Assert.True(folder.Engine.GetMetadata("both").TryGetValue(out var metadata, out _));
        Assert.Equal("ensemble", metadata.Platform);
        Assert.Equal(["given"], metadata.Inputs.Select(input => input.Name));
        Assert.Equal(["result"], metadata.Outputs.Select(output => output.Name));
        Assert.Equal(new TensorShape(-1, 1), metadata.Outputs[0].Shape);
    }

    [Fact]
    public async Task Ask_TritonsScheduling_IsTheSame()
    {
        await using var folder = Repository(null, """
            name: "both"
            platform: "ensemble"
            max_batch_size: 0
            input [ { name: "given" data_type: TYPE_FP32 dims: [ -1, 1 ] } ]
            output [ { name: "result" data_type: TYPE_FP32 dims: [ -1, 1 ] } ]
            ensemble_scheduling {
              step [
                { model_name: "plus" model_version: -1 input_map { key: "x" value: "given" } output_map { key: "y" value: "more" } },
                { model_name: "twice" model_version: -1 input_map { key: "x" value: "more" } output_map { key: "y" value: "result" } }
              ]
            }
            """);
        Directory.CreateDirectory(Path.Combine(folder.Folder("both"), "1"));
        await folder.StartAsync();

        Assert.Equal((float[])[22f, 24f], await AskAsync(folder, [10, 11], "result"));
    }

    [Fact]
    public async Task Ask_Diamond_RunsEachStepOnce_AndOnlyWhatIsWanted()
    {
        await using var folder = Repository("""
            results: [left, right]
            steps:
              - {model: plus, inputs: {x: given}, outputs: {y: middle}}
              - {model: twice, inputs: {x: middle}, outputs: {y: left}}
              - {model: plus, inputs: {x: middle}, outputs: {y: right}}
            """);
        await folder.StartAsync();

        Assert.Equal((float[])[6f], await AskAsync(folder, [2], "left"));
        Assert.Equal((1, 1), (Count(folder, "plus"), Count(folder, "twice")));

        Assert.Equal((float[])[4f], await AskAsync(folder, [2], "right"));
        Assert.Equal((3, 1), (Count(folder, "plus"), Count(folder, "twice")));
        Assert.Equal(2, Count(folder, "both"));
    }

    [Fact]
    public async Task Ask_ForEach_AsksRowByRowAndJoins()
    {
        await using var folder = Repository("""
            steps:
              - {model: plus, inputs: {x: given}, outputs: {y: more}}
              - {model: twice, inputs: {x: more}, outputs: {y: result}, for_each: [x]}
            """);
        await folder.StartAsync();

        Assert.Equal((float[])[4f, 6f, 8f], await AskAsync(folder, [1, 2, 3], "result"));
        Assert.Equal((1, 3), (Count(folder, "plus"), Count(folder, "twice")));
    }

    [Fact]
    public async Task Ask_When_RunsForItsRowsAlone()
    {
        await using var folder = Repository("""
            steps:
              - {model: plus, inputs: {x: given}, outputs: {y: small}}
              - {model: twice, when: {tensor: small, above: 10, below: 100}, inputs: {x: given}, outputs: {y: result}, otherwise: {result: small}}
            """);
        await folder.StartAsync();

        Assert.Equal((float[])[3f, 40f, 6f, 60f, 201f], await AskAsync(folder, [2, 20, 5, 30, 200], "result"));
        Assert.Equal(1, Count(folder, "twice"));

        // No row is within it, so that the step does not run at all.
        Assert.Equal((float[])[3f, 4f], await AskAsync(folder, [2, 3], "result"));
        Assert.Equal(1, Count(folder, "twice"));
    }

    [Fact]
    public async Task Ask_Task_IsAStepWithParameters()
    {
        await using var folder = Repository("""
            steps:
              - {model: mood, inputs: {text: text}, outputs: {label: label, score: score}, parameters: {top_k: 1}}
            """);
        var mood = new TextModel(2).Word("good", 2, 0).Word("bad", 0, 2);
        mood.Config["architectures"] = new[] { "BertForSequenceClassification" };
        mood.SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        var answer = await folder.AnswerAsync("both", [("text", ["good", "bad"])]);

        Assert.Equal(["LABEL_0", "LABEL_1"], answer.Texts("label"));
        Assert.Equal([2, 1], answer.Shape("score"));
    }

    [Fact]
    public async Task Ask_FailingStep_SaysWhich_AndGivesEverythingBack()
    {
        await using var folder = Repository("""
            steps:
              - {model: plus, inputs: {x: given}, outputs: {y: more}}
              - {model: wide, inputs: {x: more}, outputs: {y: result}}
            """);
        Graph("Add", 2, 2).Save(Path.Combine(folder.Folder("wide"), "model.onnx"));
        await folder.StartAsync();
        await folder.AskAsync("both", [Numbers("given", 1)]);
        var rented = BufferPool.Shared.RentedBytes;

        Assert.False((await folder.AskAsync("both", [Numbers("given", 1)])).TryGetValue(out _, out var failure));

        Assert.Equal(InferenceError.InvalidInput, failure.Error);
        Assert.StartsWith("step 'wide': ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(rented, BufferPool.Shared.RentedBytes);
    }

    [Fact]
    public async Task Life_Ensemble_IsReadyWhileItsModelsAre()
    {
        await using var folder = Repository("steps: [{model: plus, inputs: {x: given}, outputs: {y: result}}]");
        await folder.StartAsync();
        Assert.Null(folder.Engine.CheckReady("both"));

        await folder.Engine.UnloadAsync("plus", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout);
        Assert.StartsWith("step 'plus': ", folder.Engine.CheckReady("both")?.Message, StringComparison.Ordinal);
        Assert.Equal(ModelState.Unavailable, folder.Engine.GetIndex().Single(model => model.Name == "both").State);
        Assert.False((await folder.AskAsync("both", [Numbers("given", 1)])).TryGetValue(out _, out var failure));
        Assert.Equal(InferenceError.NotReady, failure.Error);

        await folder.Engine.LoadAsync("plus", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout);
        Assert.Null(folder.Engine.CheckReady("both"));
        Assert.Equal((float[])[2f], await AskAsync(folder, [1], "result"));
    }

    [Theory]
    [InlineData("steps: [{model: plus, inputs: {x: a}, outputs: {y: b}}, {model: twice, inputs: {x: b}, outputs: {y: a}}]", "what it reads is made from what it makes")]
    [InlineData("steps: [{model: plus, inputs: {x: a}, outputs: {y: b}}, {model: twice, inputs: {x: a}, outputs: {y: b}}]", "the tensor 'b' is already made by steps[0]")]
    [InlineData("results: [c]\nsteps: [{model: plus, inputs: {x: a}, outputs: {y: b}}]", "no step makes the tensor 'c'; did you mean 'b'?")]
    [InlineData("steps: [{model: plus, inputs: {x: a}, outputs: {y: b}, for_each: [z]}]", "'z' is none of the step's inputs x")]
    [InlineData("steps: [{model: plus, inputs: {x: a}, outputs: {y: b}, when: {tensor: a, above: 1}}]", "says nothing about 'b' for the rows")]
    [InlineData("steps: [{model: plus, inputs: {x: a}, outputs: {y: b}, when: {tensor: a}}]", "a condition needs a tensor, and above or below")]
    [InlineData("steps: [{model: plus, inputs: {x: a}}]", "a step needs a model, inputs and outputs")]
    [InlineData("steps: [{model: plus, inputs: {x: a}, outputs: {y: b}, input: 1}]", "did you mean 'inputs'?")]
    [InlineData("steps: [{model: plus, inputs: {q: a}, outputs: {y: b}}]", "step 'plus': the model has no input 'q'; its inputs are x")]
    [InlineData("steps: [{model: plus, inputs: {x: a}, outputs: {q: b}}]", "step 'plus': the model has no output 'q'; its outputs are y")]
    [InlineData("steps: [{model: nobody, inputs: {x: a}, outputs: {y: b}}]", "step 'nobody': Request for unknown model: 'nobody' is not found")]
    [InlineData("steps: [{model: both, inputs: {x: a}, outputs: {y: b}}]", "step 'both': 'both' is a step of itself")]
    public async Task Load_WrongSteps_SaysWhatIsWrong(string yaml, string expected)
    {
        await using var folder = Repository(yaml);
        await folder.StartAsync();

        Assert.Contains(expected, folder.Engine.GetIndex().Single(model => model.Name == "both").Reason, StringComparison.Ordinal);
    }

    private static TaskTestFolder Repository(string? yaml, string? pbtxt = null)
    {
        var folder = new TaskTestFolder();
        Graph("Add", 1, 1).Save(Path.Combine(folder.Folder("plus"), "model.onnx"));
        Graph("Mul", 2, 1).Save(Path.Combine(folder.Folder("twice"), "model.onnx"));
        Directory.CreateDirectory(folder.Folder("both"));
        File.WriteAllText(Path.Combine(folder.Folder("both"), yaml is null ? "config.pbtxt" : "model.yaml"), yaml ?? pbtxt);
        return folder;
    }

    private static OnnxGraphBuilder Graph(string operation, float by, int width) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", width)
        .Weight("by", [1], by)
        .Node(operation, ["x", "by"], ["y"])
        .Output("y", "FP32", "batch", width);

    private static InputTensor Numbers(string name, params float[] values) =>
        new(name, ElementType.Float32, new TensorShape(values.Length, 1), new(MemoryMarshal.AsBytes<float>(values).ToArray()));

    private static async Task<float[]> AskAsync(TaskTestFolder folder, float[] given, string output)
    {
        Assert.True((await folder.AskAsync("both", [Numbers("given", given)], null, output)).TryGetValue(out var response, out var failure), failure?.Message);
        using (response)
        {
            return new TaskOutputs(response).Floats(output);
        }
    }

    private static long Count(TaskTestFolder folder, string model) =>
        folder.Engine.GetStatistics(model).TryGetValue(out var statistics, out _) ? statistics[0].Success.Count : -1;
}
