using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Batching;

public sealed class BatchingTests
{
    [Fact]
    public async Task Infer_RandomMixOfRowsAndLengths_EachAnsweredAsAlone()
    {
        using var folder = TestModels.Save(("square", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, o => o.MaxBatchRows = 8);
        var random = new Random(1);
        for (var round = 0; round < 20; round++)
        {
            // Some requests are larger than the largest batch and are split.
            var inputs = Enumerable.Range(0, 30).Select(_ => Random(random, [random.Next(1, 20), random.Next(1, 4)])).ToList();
            var answers = await Task.WhenAll(inputs.Select(x => fixture.InferAsync(Requests.To("square", Requests.Floats("x", x.Shape, x.Values)))));
            foreach (var (x, answer) in inputs.Zip(answers))
            {
                Assert.Equal(x.Values.Select(v => v * v), answer.Floats("y"));
                Assert.Equal(x.Shape, answer.Outputs[0].Shape.ToArray());
                answer.Dispose();
            }
        }
    }

    [Fact]
    public async Task Infer_BatchOnAnInnerAxis_RowsStayTheirOwn()
    {
        using var folder = TestModels.Save(("inner", TestModels.InnerBatch()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, o => o.MaxBatchRows = 4);
        Assert.Equal(1, BatchAxis(fixture, "inner", "y"));
        var random = new Random(2);
        for (var round = 0; round < 20; round++)
        {
            var inputs = Enumerable.Range(0, 12).Select(_ => Random(random, [2, random.Next(1, 7), 3])).ToList();
            var answers = await Task.WhenAll(inputs.Select(x => fixture.InferAsync(Requests.To(
                "inner", Requests.Floats("x", x.Shape, x.Values), Requests.Floats("state", x.Shape, x.Values)))));
            foreach (var (x, answer) in inputs.Zip(answers))
            {
                Assert.Equal(x.Values.Select(v => v + v), answer.Floats("y"));
                answer.Dispose();
            }
        }
    }

    [Fact]
    public async Task Infer_InputsWithoutBatchAxis_ShareOnlyWhereEqual()
    {
        using var folder = TestModels.Save(("scaled", TestModels.Scaled()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.True(Details(fixture, "scaled").Enabled, Details(fixture, "scaled").Evidence);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => fixture.InferAsync(Requests.To(
            "scaled", Requests.Floats("x", [1, 2], i, i + 1), Requests.Floats("factor", [], i % 3)))));
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal([i * (i % 3), (i + 1) * (i % 3)], answers[i].Floats("y"));
            answers[i].Dispose();
        }
    }

    [Fact]
    public async Task Infer_OneBadRowAmongGoodOnes_FailsAlone()
    {
        using var folder = TestModels.Save(("lookup", TestModels.Lookup()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        for (var round = 0; round < 10; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => fixture.Engine
                .InferAsync(Requests.To("lookup", Requests.Longs("ids", [1, 1], i == 7 ? 99 : i % 10)), CancellationToken.None).AsTask()));
            for (var i = 0; i < outcomes.Length; i++)
            {
                if (outcomes[i].TryGetValue(out var response, out var failure))
                {
                    Assert.Equal([i % 10], response.Floats("y"));
                    response.Dispose();
                }
                else
                {
                    Assert.Equal((7, InferenceError.BackendFailed), (i, failure.Error));
                }
            }

            Assert.NotNull(outcomes[7].Failure);
        }
    }

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("UINT8", 1)]
    [InlineData("INT8", 1)]
    [InlineData("UINT16", 2)]
    [InlineData("INT16", 2)]
    [InlineData("FP16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("UINT32", 4)]
    [InlineData("INT32", 4)]
    [InlineData("FP32", 4)]
    [InlineData("UINT64", 8)]
    [InlineData("INT64", 8)]
    [InlineData("FP64", 8)]
    public async Task Infer_EveryElementType_BytesComeBackAsTheyWent(string name, int size)
    {
        using var folder = TestModels.Save(("identity", TestModels.Identity(name)));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        Assert.True(ElementTypes.TryParse(name, out var type));
        foreach (var (rows, columns) in ((int, int)[])[(3, 5), (0, 4), (2, 0)])
        {
            byte[] data = [.. Enumerable.Range(0, rows * columns * size).Select(i => (byte)(name == "BOOL" ? i % 2 : i))];
            using var response = await fixture.InferAsync(Requests.To("identity", Requests.Raw("x", type, [rows, columns], data)));
            Assert.Equal(data, response.Outputs[0].Data.ToArray());
            Assert.Equal(new TensorShape(rows, columns), response.Outputs[0].Shape);
            Assert.Equal(type, response.Outputs[0].Type);
        }
    }

    [Fact]
    public async Task Infer_Strings_AreBatchedAndComeBack()
    {
        using var folder = TestModels.Save(("identity", TestModels.Identity("BYTES")));
        await using var fixture = await EngineFixture.StartAsync(folder.Path, o => o.MaxBatchRows = 4);
        var requests = Enumerable.Range(0, 20).Select(i => Strings(i % 7 + 1, i)).ToList();
        var answers = await Task.WhenAll(requests.Select(r => fixture.InferAsync(Requests.To("identity", Requests.Raw("x", ElementType.Bytes, [r.Rows, 2], r.Data)))));
        foreach (var (request, answer) in requests.Zip(answers))
        {
            Assert.Equal(request.Data, answer.Outputs[0].Data.ToArray());
            answer.Dispose();
        }
    }

    [Fact]
    public async Task Infer_Cancelled_AnswersAndGivesMemoryBack()
    {
        using var folder = TestModels.Save(("square", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var request = Requests.To("square", Requests.Floats("x", [1, 1], 2));
        var outcome = await fixture.Engine.InferAsync(request, gone.Token).AsTask().WaitAsync(EngineFixture.Timeout);
        Assert.Equal(InferenceError.Cancelled, outcome.Failure?.Error);
        using var next = await fixture.InferAsync(request);
        Assert.Equal([4f], next.Floats("y"));
    }

    [Fact]
    public async Task Infer_DeadlinePassed_AnswersDeadlineExceeded()
    {
        using var folder = TestModels.Save(("square", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var request = new InferenceRequest { ModelName = "square", Inputs = [Requests.Floats("x", [1, 1], 2)], Deadline = 1 };
        var outcome = await fixture.Engine.InferAsync(request, CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout);

        // It may also have been answered before the timer, which is as good; late it cannot be.
        Assert.True(outcome.Failure is null or { Error: InferenceError.DeadlineExceeded }, outcome.Failure?.ToString());
        outcome.TryGetValue(out var response, out _);
        response?.Dispose();
    }

    [Theory]
    [InlineData("z", 2, "unexpected inference input 'z'")]
    [InlineData("x", 3, "has 8 bytes of data; FP32 with shape [1,3] takes 12")]
    [InlineData("x", -1, "unexpected shape for input 'x'")]
    public async Task Infer_RequestThatDoesNotFit_SaysWhatWasWrong(string name, long columns, string message)
    {
        using var folder = TestModels.Save(("square", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var outcome = await fixture.Engine.InferAsync(Requests.To("square", Requests.Floats(name, [1, columns], 1, 2)), CancellationToken.None);
        Assert.Equal(InferenceError.InvalidInput, outcome.Failure?.Error);
        Assert.Contains(message, outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_OutputsAsked_AreAnsweredInThatOrderAndNoOthers()
    {
        var graph = TestModels.Square().Output("sum", "FP32", "batch", "n").Node("Add", ["x", "x"], ["sum"]);
        using var folder = TestModels.Save(("two", graph));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        foreach (var asked in (string[][])[["sum"], ["y"], ["sum", "y"]])
        {
            using var response = await fixture.InferAsync(new InferenceRequest { ModelName = "TWO", Inputs = [Requests.Floats("x", [1, 1], 3)], Outputs = asked });
            Assert.Equal(asked, response.Outputs.Select(o => o.Name));
            Assert.Equal(asked.Select(o => o == "y" ? 9f : 6f), response.Outputs.Select(o => response.Floats(o.Name)[0]));
        }
    }

    [Fact]
    public async Task Infer_OptionalInputLeftOut_TakesItsDefault()
    {
        var graph = new OptionalInput().Graph;
        using var folder = TestModels.Save(("optional", graph));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        using var without = await fixture.InferAsync(Requests.To("optional", Requests.Floats("x", [1, 1], 3)));
        using var with = await fixture.InferAsync(Requests.To("optional", Requests.Floats("x", [1, 1], 3), Requests.Floats("bias", [1], 5)));
        Assert.Equal((103f, 8f), (without.Floats("y")[0], with.Floats("y")[0]));
    }

    private static Models.BatchingDetailsView Details(EngineFixture fixture, string model) => Models.BatchingDetailsView.Of(fixture, model);

    private static int BatchAxis(EngineFixture fixture, string model, string tensor) => Details(fixture, model).BatchAxes[tensor];

    private static (long[] Shape, float[] Values) Random(Random random, long[] shape) =>
        (shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (p, d) => p * d)).Select(_ => (float)random.Next(-50, 50))]);

    private static (int Rows, byte[] Data) Strings(int rows, int seed)
    {
        using var stream = new MemoryStream();
        for (var i = 0; i < rows * 2; i++)
        {
            byte[] text = [.. Enumerable.Repeat((byte)('a' + (seed % 26)), (i * seed) % 11)];
            stream.Write(BitConverter.GetBytes(text.Length));
            stream.Write(text);
        }

        return (rows, stream.ToArray());
    }

    private sealed class OptionalInput
    {
        public TestKit.Graphs.OnnxGraphBuilder Graph { get; } = new TestKit.Graphs.OnnxGraphBuilder()
            .Input("x", "FP32", "batch", 1).Input("bias", "FP32", 1).Output("y", "FP32", "batch", 1)
            .Weight("bias", [1], 100f).Node("Add", ["x", "bias"], ["y"]);
    }
}
