using Serving.Runtime.Inference;
using Serving.Runtime.Statistics;

namespace Serving.Runtime.Tests.Statistics;

public sealed class VersionCountersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void Read_NothingHappened_IsZero()
    {
        var statistics = new VersionCounters(TimeProvider.System).Read("m", "3");

        Assert.Equal(("m", "3", null, 0L, 0L), (statistics.Name, statistics.Version, statistics.LastInference, statistics.Runs, statistics.Rows));
        Assert.Equal(default, statistics.Success);
        Assert.Empty(statistics.Batches);
    }

    [Fact]
    public void Read_RequestsAndRuns_AreSummedByStageAndSize()
    {
        var time = new Repository.ManualTime();
        var counters = new VersionCounters(time);
        counters.Ran(2, Seconds(1), Seconds(2)).AddOutput(Seconds(3));
        counters.Ran(5, Seconds(4), Seconds(5));
        time.Pass(TimeSpan.FromDays(1));
        counters.Ran(2, Seconds(10), Seconds(20)).AddOutput(Seconds(30));
        counters.Succeeded(new StageTimes(Seconds(1), Seconds(2), Seconds(3), Seconds(4), Seconds(11)));
        counters.Succeeded(new StageTimes(Seconds(10), Seconds(20), Seconds(30), Seconds(40), Seconds(110)));
        counters.Failed(Seconds(7));

        var statistics = counters.Read("m", "1");

        Assert.Equal((3, 9), (statistics.Runs, statistics.Rows));
        Assert.Equal(time.GetUtcNow(), statistics.LastInference);
        Assert.Equal(new DurationTotal(2, Seconds(121)), statistics.Success);
        Assert.Equal(new DurationTotal(1, Seconds(7)), statistics.Failure);
        Assert.Equal(new DurationTotal(2, Seconds(11)), statistics.Queue);
        Assert.Equal(new DurationTotal(2, Seconds(22)), statistics.Input);
        Assert.Equal(new DurationTotal(2, Seconds(33)), statistics.Infer);
        Assert.Equal(new DurationTotal(2, Seconds(44)), statistics.Output);
        Assert.Equal(
            [
                new BatchStatistics(2, new(2, Seconds(11)), new(2, Seconds(22)), new(2, Seconds(33))),
                new BatchStatistics(5, new(1, Seconds(4)), new(1, Seconds(5)), new(1, TimeSpan.Zero)),
            ],
            statistics.Batches);
    }

    [Fact]
    public void Ran_MoreSizesThanAreToldApart_IsStillCountedAndBounded()
    {
        var counters = new VersionCounters(TimeProvider.System);
        for (var rows = 1; rows <= 10_000; rows++)
        {
            counters.Ran(rows, Seconds(1), Seconds(1));
        }

        counters.Ran(int.MaxValue, Seconds(1), Seconds(1));

        var statistics = counters.Read("m", "1");
        Assert.Equal(10_001, statistics.Runs);
        Assert.InRange(statistics.Batches.Count, 4096, 4096 + 32);
    }

    [Fact]
    public async Task Read_WhileOthersCount_AgreesWithItself()
    {
        const int perThread = 100_000;
        var counters = new VersionCounters(TimeProvider.System);
        var writers = Enumerable.Range(1, 4).Select(rows => Task.Run(() =>
        {
            for (var i = 0; i < perThread; i++)
            {
                counters.Ran(rows, Seconds(1), Seconds(1)).AddOutput(Seconds(1));
                counters.Succeeded(new StageTimes(Seconds(1), Seconds(1), Seconds(1), Seconds(1), Seconds(4)));
            }
        })).ToArray();
        var all = Task.WhenAll(writers);
        do
        {
            Check(counters.Read("m", "1"));
        }
        while (!all.IsCompleted);

        await all.WaitAsync(Patience);
        var statistics = counters.Read("m", "1");
        Check(statistics);
        Assert.Equal(4 * perThread, statistics.Success.Count);
        Assert.Equal(Seconds(4 * perThread), statistics.Infer.Sum);
        Assert.Equal((4 * perThread, 10 * perThread), (statistics.Runs, statistics.Rows));
    }

    private static void Check(ModelStatistics statistics)
    {
        Assert.All([statistics.Queue, statistics.Input, statistics.Infer, statistics.Output], stage =>
        {
            Assert.Equal(statistics.Success.Count, stage.Count);
            Assert.True(stage.Sum >= Seconds(stage.Count));
        });
        Assert.All(statistics.Batches, batch => Assert.Equal((batch.Runs, batch.Runs), (batch.Input.Count, batch.Output.Count)));
    }

    private static TimeSpan Seconds(long count) => TimeSpan.FromSeconds(count);
}
