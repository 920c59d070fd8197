using Serving.Runtime.Inference;
using Serving.Runtime.Statistics;
using Serving.Runtime.Tests.Batching;

namespace Serving.Runtime.Tests.Statistics;

/// <summary>What the engine counts of real models.</summary>
public sealed class EngineStatisticsTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task GetStatistics_AfterRequests_CountsThemTheirRowsAndFailures()
    {
        using var folder = TestModels.Save(("square", TestModels.Square()), ("idle", TestModels.Square()));
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        var before = TimeProvider.System.GetUtcNow();
        for (var rows = 1; rows <= 3; rows++)
        {
            using var response = await fixture.InferAsync(Square(rows));
        }

        Assert.NotNull((await fixture.Engine.InferAsync(Requests.To("square"), None)).Failure);

        var statistics = Assert.Single(Read(fixture, "SQUARE"));
        Assert.Equal(("square", "1", 3L, 6L), (statistics.Name, statistics.Version, statistics.Runs, statistics.Rows));
        Assert.Equal((3, 1), (statistics.Success.Count, statistics.Failure.Count));
        Assert.Equal([1, 2, 3], statistics.Batches.Select(batch => batch.Rows));
        Assert.InRange(statistics.LastInference!.Value, before, TimeProvider.System.GetUtcNow());
        Assert.True(statistics.Success.Sum >= statistics.Queue.Sum + statistics.Input.Sum + statistics.Infer.Sum + statistics.Output.Sum);
        Assert.Equal(["idle", "square"], Read(fixture, null).Select(model => model.Name));
        Assert.Equal((0, 0), (Read(fixture, "idle")[0].Runs, Read(fixture, "idle")[0].Success.Count));
    }

    [Fact]
    public async Task GetStatistics_UnloadedReloadedOrUnknown_IsOfWhatIsLoaded()
    {
        using var folder = TestModels.Save(("model", TestModels.Square()));
        TestModels.Square().Save(folder["model/2/model.onnx"]);
        folder.Write("model/model.yaml", "versions: all");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        (await fixture.InferAsync(Square(1, "model"))).Dispose();
        Assert.Equal([("1", 0L), ("2", 1L)], Read(fixture, "model").Select(model => (model.Version, model.Success.Count)));
        Assert.Equal("2", Assert.Single(Read(fixture, "model", "2")).Version);
        Assert.Equal(InferenceError.NotFound, fixture.Engine.GetStatistics("model", "3").Failure?.Error);
        Assert.Equal(InferenceError.NotFound, fixture.Engine.GetStatistics("nobody").Failure?.Error);

        Assert.Null(await fixture.Engine.UnloadAsync("model", None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.Equal(InferenceError.NotReady, fixture.Engine.GetStatistics("model").Failure?.Error);
        Assert.Empty(Read(fixture, null));

        Assert.Null(await fixture.Engine.LoadAsync("model", None).AsTask().WaitAsync(EngineFixture.Timeout));
        Assert.Equal([0L, 0L], Read(fixture, "model").Select(model => model.Success.Count));
    }

    [Fact]
    public async Task GetStatistics_DuringRandomTraffic_AddsUp()
    {
        const int requests = 2_000;
        using var folder = TestModels.Save(("lookup", TestModels.Lookup()));
        folder.Write("lookup/model.yaml", "max_batch_rows: 8\nqueue: {max_rows: 100000}");
        await using var fixture = await EngineFixture.StartAsync(folder.Path);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var looks = 0;
            for (; !done.IsCancellationRequested || looks == 0; looks++)
            {
                AddUp(Assert.Single(Read(fixture, "lookup")));
            }

            return looks;
        });
        var random = new Random(20261122);
        var kinds = Enumerable.Range(0, requests).Select(_ => (Rows: random.Next(1, 20), Bad: random.Next(10) == 0, Cancelled: random.Next(10) == 0)).ToList();
        var outcomes = await Task.WhenAll(kinds.Select(kind => SendAsync(fixture, kind.Rows, kind.Bad, kind.Cancelled))).WaitAsync(EngineFixture.Timeout);
        await done.CancelAsync();
        Assert.True(await reader.WaitAsync(EngineFixture.Timeout) > 0);

        var statistics = Assert.Single(Read(fixture, "lookup"));
        AddUp(statistics);
        Assert.Equal(outcomes.Count(rows => rows > 0), statistics.Success.Count);
        Assert.Equal(outcomes.Count(rows => rows == 0), statistics.Failure.Count);
        Assert.True(statistics.Failure.Count > requests / 20 && statistics.Success.Count > requests / 2, $"{statistics}");

        // A request that left while its batch ran was run all the same.
        Assert.True(statistics.Rows >= outcomes.Sum(), $"{statistics.Rows} rows were run for {outcomes.Sum()} that were answered");
        Assert.All(statistics.Batches, batch => Assert.InRange(batch.Rows, 1, 8));
    }

    private static void AddUp(ModelStatistics statistics)
    {
        Assert.All([statistics.Queue, statistics.Input, statistics.Infer, statistics.Output], stage => Assert.Equal(statistics.Success.Count, stage.Count));
        Assert.Equal(statistics.Runs, statistics.Batches.Sum(batch => batch.Infer.Count));
        Assert.Equal(statistics.Rows, statistics.Batches.Sum(batch => batch.Infer.Count * batch.Rows));
    }

    /// <summary>The rows that were answered; none where the request failed, as it must where an id is out of the table.</summary>
    private static async Task<int> SendAsync(EngineFixture fixture, int rows, bool bad, bool cancelled)
    {
        var ids = Enumerable.Range(0, rows).Select(row => row % 10L).ToArray();
        ids[^1] = bad ? 10 : ids[^1];
        using var leaving = new CancellationTokenSource();
        var running = fixture.Engine.InferAsync(Requests.To("lookup", Requests.Longs("ids", [rows, 1], ids)), leaving.Token).AsTask();
        if (cancelled)
        {
            await leaving.CancelAsync();
        }

        var outcome = await running;
        if (!outcome.TryGetValue(out var response, out _))
        {
            return 0;
        }

        Assert.False(bad);
        response.Dispose();
        return rows;
    }

    private static InferenceRequest Square(int rows, string model = "square") => Requests.To(model, Requests.Floats("x", [rows, 1], new float[rows]));

    private static IReadOnlyList<ModelStatistics> Read(EngineFixture fixture, string? model, string? version = null)
    {
        Assert.True(fixture.Engine.GetStatistics(model, version).TryGetValue(out var statistics, out var failure), failure?.ToString());
        return statistics!;
    }
}
