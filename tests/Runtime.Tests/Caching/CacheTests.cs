using System.Runtime.InteropServices;
using Serving.Runtime.Caching;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Runtime.Tests.Tasks;
using Serving.TestKit.Graphs;

namespace Serving.Runtime.Tests.Caching;

public sealed class CacheTests
{
    [Fact]
    public async Task Ask_SameRows_RunOnce()
    {
        await using var folder = Repository("cache: true");
        await folder.StartAsync();

        Assert.Equal((float[])[2, 3, 4], await AskAsync(folder, 1, 2, 3));
        Assert.Equal((float[])[4, 2, 6, 3], await AskAsync(folder, 3, 1, 5, 2));
        Assert.Equal((float[])[6], await AskAsync(folder, 5));

        var cache = Details(folder);
        Assert.Equal((4, 4, 4), (cache.Rows, cache.Hits, cache.Misses));
        Assert.True(folder.Engine.GetStatistics("plus").TryGetValue(out var statistics, out _));
        Assert.Equal(3, statistics[0].Success.Count);
        Assert.Equal([3, 1], statistics[0].Batches.OrderByDescending(batch => batch.Rows).Select(batch => (int)batch.Rows));
    }

    [Fact]
    public async Task Ask_SameRowTwiceInOneRequest_RunsItOnce()
    {
        await using var folder = Repository("cache: true");
        await folder.StartAsync();

        Assert.Equal((float[])[2, 2, 2], await AskAsync(folder, 1, 1, 1));

        Assert.Equal((1, 2, 1), (Details(folder).Rows, Details(folder).Hits, Details(folder).Misses));
    }

    [Fact]
    public async Task Ask_RandomRowsFromManyClients_AnswersAreThoseWithoutCache()
    {
        await using var folder = Repository("cache: {max_bytes: 20000}");
        await folder.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 200; i++)
            {
                float[] rows = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (float)random.Next(100))];
                Assert.Equal(rows.Select(row => row + 1), await AskAsync(folder, rows));
            }
        }))).WaitAsync(EngineFixture.Timeout);

        var cache = Details(folder);
        Assert.True(cache.Hits > 0 && cache.Bytes <= 20_000, cache.ToString());
    }

    [Fact]
    public async Task Reload_OtherWeights_ForgetsEverything()
    {
        await using var folder = Repository("cache: true");
        await folder.StartAsync();
        await AskAsync(folder, 1);

        Graph(10).Save(Path.Combine(folder.Folder("plus"), "model.onnx"));
        await folder.Engine.LoadAsync("plus", CancellationToken.None).AsTask().WaitAsync(EngineFixture.Timeout);

        Assert.Equal((float[])[11], await AskAsync(folder, 1));
    }

    [Fact]
    public async Task Ask_WrongRequest_IsRefusedAsWithoutCache_AndNotKept()
    {
        await using var folder = Repository("cache: true");
        await folder.StartAsync();
        var wide = new InputTensor("x", ElementType.Float32, new TensorShape(1, 2), new(new byte[8]));
        var cut = new InputTensor("x", ElementType.Float32, new TensorShape(1, 1), new(new byte[3]));

        foreach (var wrong in (InputTensor[])[wide, wide, cut])
        {
            Assert.False((await folder.AskAsync("plus", [wrong])).TryGetValue(out _, out var failure));
            Assert.Equal(InferenceError.InvalidInput, failure.Error);
        }

        Assert.Equal(0, Details(folder).Rows);
    }

    [Fact]
    public async Task Load_GraphThatDrawsNumbers_IsRefused()
    {
        await using var folder = new TaskTestFolder();
        new OnnxGraphBuilder().Input("x", "FP32", "batch", 1).Node("RandomNormalLike", ["x"], ["y"]).Output("y", "FP32", "batch", 1)
            .Save(Path.Combine(folder.Folder("plus"), "model.onnx"));
        File.WriteAllText(Path.Combine(folder.Folder("plus"), "model.yaml"), "cache: true");
        await folder.StartAsync();

        Assert.Contains("draws random numbers (RandomNormalLike)", Assert.Single(folder.Engine.GetIndex()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Payoff_NothingComesTwice_SwitchesOffAndTriesAgainLater()
    {
        var time = new StoppedTime();
        var payoff = new CachePayoff(time);

        Assert.False(payoff.Count(0, CachePayoff.Trial - 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        Assert.True(payoff.Count(0, 1, TimeSpan.Zero, TimeSpan.Zero));
        Assert.False(payoff.IsOn);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(payoff.IsOn);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(payoff.IsOn);

        // Half of all rows are found, and each would have run for five milliseconds.
        Assert.False(payoff.Count(CachePayoff.Trial, CachePayoff.Trial, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        Assert.True(payoff.IsOn);
    }

    [Fact]
    public void Key_AnythingDifferent_IsAnotherRow()
    {
        var one = Row("x", 1, [1, 1]);
        RowKey[] keys =
        [
            RowKey.Of([one], null), RowKey.Of([Row("x", 2, [1, 1])], null), RowKey.Of([Row("y", 1, [1, 1])], null), RowKey.Of([Row("x", 1, [1])], null),
            RowKey.Of([one], ["y"]), RowKey.Of([one], ["y", "z"]), RowKey.Of([one], ["yz"]), RowKey.Of([one, Row("a", 1, [1, 1])], null),
            RowKey.Of([one with { Type = ElementType.Int32 }], null),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[7], RowKey.Of([Row("a", 1, [1, 1]), one], null));
        Assert.Equal(keys[0], RowKey.Of([Row("x", 1, [1, 1])], null));
    }

    private static TaskTestFolder Repository(string yaml)
    {
        var folder = new TaskTestFolder();
        Graph(1).Save(Path.Combine(folder.Folder("plus"), "model.onnx"));
        File.WriteAllText(Path.Combine(folder.Folder("plus"), "model.yaml"), yaml);
        return folder;
    }

    private static OnnxGraphBuilder Graph(float by) => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", 1).Weight("by", [1], by).Node("Add", ["x", "by"], ["y"]).Output("y", "FP32", "batch", 1);

    private static InputTensor Row(string name, float value, long[] shape) => new(name, ElementType.Float32, new TensorShape(shape), new(BitConverter.GetBytes(value)));

    private static async Task<float[]> AskAsync(TaskTestFolder folder, params float[] rows)
    {
        var input = new InputTensor("x", ElementType.Float32, new TensorShape(rows.Length, 1), new(MemoryMarshal.AsBytes<float>(rows).ToArray()));
        Assert.True((await folder.AskAsync("plus", [input])).TryGetValue(out var response, out var failure), failure?.Message);
        using (response)
        {
            Assert.Equal(("plus", "1"), (response.ModelName, response.ModelVersion));
            return new TaskOutputs(response).Floats("y");
        }
    }

    private static CacheDetails Details(TaskTestFolder folder) =>
        folder.Engine.GetDetails("plus").TryGetValue(out var details, out _) ? details[0].Cache! : throw new InvalidOperationException("the model is gone");

    private sealed class StoppedTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
