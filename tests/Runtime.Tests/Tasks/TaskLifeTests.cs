using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks;

/// <summary>A task and its graph in the registry.</summary>
public sealed class TaskLifeTests
{
    [Fact]
    public async Task Index_Task_ListsItsGraphBesideIt()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        Assert.Equal(["mood", "mood.graph"], folder.Engine.GetIndex().Select(model => model.Name));
        Assert.True(folder.Engine.GetMetadata("MOOD").TryGetValue(out var task, out _));
        Assert.True(folder.Engine.GetMetadata("mood.graph").TryGetValue(out var graph, out _));
        Assert.Equal(("serving_task", "text-classification"), (task.Platform, task.Task!.Name));
        Assert.Equal(["text", "text_pair"], task.Inputs.Select(input => input.Name));
        Assert.Equal(("onnxruntime_onnx", "mood.graph"), (graph.Platform, graph.Name));
        Assert.Equal(["input_ids", "attention_mask"], graph.Inputs.Select(input => input.Name));
    }

    [Fact]
    public async Task Ask_TensorsOfTheGraph_ReachTheGraphUnderBothNames()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();
        InputTensor[] tensors = [TaskTestFolder.Longs("input_ids", [1, 2], 5, 5), TaskTestFolder.Longs("attention_mask", [1, 2], 1, 1)];

        foreach (var name in (string[])["mood", "mood.graph"])
        {
            Assert.True((await folder.AskAsync(name, tensors)).TryGetValue(out var response, out var failure), failure?.Message);
            Assert.Equal(name, response.ModelName);
            Assert.Equal([4f, 2f], new TaskOutputs(response).Floats("logits"));
            response.Dispose();
        }
    }

    [Fact]
    public async Task Statistics_Task_AndGraphAreCountedEachAsItself()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        await folder.AnswerAsync("mood", [("text", ["good", "good", "good good"])]);
        await folder.FailAsync("mood", [("text", ["good"])], new { nothing = 1 });

        Assert.True(folder.Engine.GetStatistics("mood").TryGetValue(out var task, out _));
        Assert.True(folder.Engine.GetStatistics("mood.graph").TryGetValue(out var graph, out _));
        Assert.Equal((1, 1), (task[0].Success.Count, task[0].Failure.Count));
        Assert.Equal((3, 0), (graph[0].Success.Count, graph[0].Failure.Count));
        Assert.Equal(2, folder.Engine.GetStatistics().TryGetValue(out var all, out _) ? all.Count : 0);
    }

    [Fact]
    public async Task Unload_Task_TakesItsGraphAlong_AndTheGraphAloneCannotBe()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        var refused = await folder.Engine.UnloadAsync("mood.graph", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout);
        Assert.Equal("failed to unload 'mood.graph': it is a part of 'mood' and comes and goes with it", refused?.Message);

        Assert.Null(await folder.Engine.UnloadAsync("mood", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.StartsWith("NotReady", await folder.FailAsync("mood", [("text", ["good"])]), StringComparison.Ordinal);
        Assert.StartsWith("NotFound", await folder.FailAsync("mood.graph", [("text", ["good"])]), StringComparison.Ordinal);

        Assert.Null(await folder.Engine.LoadAsync("mood", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.Equal(["happy", "LABEL_1"], (await folder.AnswerAsync("mood", [("text", ["good"])])).Texts("label"));
    }

    [Fact]
    public async Task Reload_UnderRequests_LosesNone()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();
        using var stop = new CancellationTokenSource();

        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var answered = 0;
            for (; !stop.IsCancellationRequested; answered++)
            {
                Assert.Equal("happy", (await folder.AnswerAsync("mood", [("text", ["good", "good good"])])).Texts("label")[0]);
            }

            return answered;
        })).ToArray();
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await folder.Engine.LoadAsync("mood", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout));
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(asking).WaitAsync(EngineFixture.Timeout), answered => Assert.True(answered > 0));
    }

    [Theory]
    [InlineData("task: none", null)]
    [InlineData("task: sentence-embedding", "sentence-embedding")]
    [InlineData("task: {top_k: 1}", "text-classification")]
    public async Task Load_ModelYaml_DecidesTheTask(string yaml, string? expected)
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"), "sentence_embedding");
        File.WriteAllText(Path.Combine(folder.Folder("mood"), "model.yaml"), yaml);
        await folder.StartAsync();

        Assert.True(folder.Engine.GetMetadata("mood").TryGetValue(out var metadata, out var failure), failure?.Message);
        Assert.Equal(expected, metadata.Task?.Name);
    }

    [Theory]
    [InlineData("task: text-clasification", "there is no task 'text-clasification'; did you mean 'text-classification'?")]
    [InlineData("task: {name: text-classification, topk: 1, threshold: high}", "task.topk: the task 'text-classification' has no such option; did you mean 'top_k'?")]
    [InlineData("task: {name: text-classification, topk: 1, threshold: high}", "task.threshold: high is not allowed; allowed is a number")]
    [InlineData("task: image-classification", "it cannot be served as the task image-classification: the graph has no one input for pictures")]
    [InlineData("task: question-answering", "wants the outputs start_logits and end_logits; the graph has logits")]
    public async Task Load_WrongTask_SaysWhy(string yaml, string expected)
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        File.WriteAllText(Path.Combine(folder.Folder("mood"), "model.yaml"), yaml);
        await folder.StartAsync();

        var status = Assert.Single(folder.Engine.GetIndex());
        Assert.Equal(ModelState.Unavailable, status.State);
        Assert.Contains(expected, status.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json", null, "served by its tensors: config.json says BertForSequenceClassification, and there is no tokenizer.json beside the graph")]
    [InlineData("config.json", null, "served by its tensors: there is a tokenizer.json, and no config.json with 'architectures' to say what the model is for; model.yaml can name the task")]
    [InlineData("config.json", """{"architectures":["BertForMagic"]}""", "served by its tensors: no task is known for BertForMagic of config.json; model.yaml can name one")]
    [InlineData("config.json", """{"architectures":["Bert""", "config.json' is not JSON: ")]
    [InlineData("tokenizer.json", "{", "served by its tensors, not as the task text-classification (its architecture is BertForSequenceClassification): ")]
    public async Task Load_FileMissingOrWrong_IsServedByItsTensorsAndSaysWhy(string file, string? content, string expected)
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        File.Delete(Path.Combine(folder.Folder("mood"), file));
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(folder.Folder("mood"), file), content);
        }

        await folder.StartAsync();

        Assert.True(folder.Engine.GetDetails("mood").TryGetValue(out var versions, out var failure), failure?.Message);
        Assert.Contains(expected, Assert.Single(Assert.Single(versions).Warnings), StringComparison.Ordinal);
        Assert.Null(Assert.Single(versions).Task);
    }

    [Theory]
    [InlineData("text", new long[] { 2, 2 }, "unexpected shape for input 'text'")]
    [InlineData("txt", new long[] { 1 }, "unexpected inference input 'txt' for model 'mood', a text-classification task; its inputs are text, text_pair")]
    [InlineData("text_pair", new long[] { 1 }, "expects input 'text' (BYTES [-1]), which is missing")]
    public async Task Ask_WrongInput_SaysWhatIsExpected(string name, long[] shape, string expected)
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();
        var texts = TaskTestFolder.Texts(name, [.. Enumerable.Repeat("good", (int)shape.Aggregate((a, b) => a * b))]);

        Assert.False((await folder.AskAsync("mood", [texts with { Shape = new(shape) }])).TryGetValue(out _, out var failure));

        Assert.Equal(InferenceError.InvalidInput, failure.Error);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_BytesThatAreNoText_AreRefused()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();
        var input = new InputTensor("text", Tensors.ElementType.Bytes, new(1), new((byte[])[1, 0, 0, 0, 0xff]));

        Assert.False((await folder.AskAsync("mood", [input])).TryGetValue(out _, out var failure));

        Assert.Equal("input 'text' element 0 is not UTF-8 text", failure.Message);
    }

    [Fact]
    public async Task Ask_ColumnOfTexts_IsAList()
    {
        await using var folder = new TaskTestFolder();
        Model().SaveSums(folder.Folder("mood"));
        await folder.StartAsync();

        Assert.True((await folder.AskAsync("mood", [TaskTestFolder.Texts("text", "good", "good") with { Shape = new(2, 1) }])).TryGetValue(out var response, out _));

        Assert.Equal([2, 2], new TaskOutputs(response).Shape("label"));
        response.Dispose();
    }

    private static TextModel Model()
    {
        var model = new TextModel(2).Word("good", 2, 1);
        model.Config["architectures"] = new[] { "BertForSequenceClassification" };
        model.Config["id2label"] = new Dictionary<string, string> { ["0"] = "happy" };
        return model;
    }
}
