using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Planning;

public sealed class BatchPlannerTests
{
    private static readonly PlanLimits Wide = new(1024);

    [Fact]
    public void Cut_SmallSets_CostsAsLittleAsTheBestOfAllWaysToShareBatches()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var cost = new LineCost(random.NextDouble() * 50, 1);
            var limits = new PlanLimits(random.Next(2, 8), random.Next(40, 400));
            var requests = Enumerable.Range(0, random.Next(1, 8))
                .Select(_ => new WaitingRequest(1, random.Next(1, 40), 0)).OrderBy(r => r.Length).ToArray();
            Assert.Equal(Best(requests, cost, limits), Total(requests, BatchPlanner.Cut(requests, cost, limits), cost), 1e-9);
        }
    }

    [Fact]
    public void Cut_ManyRequests_KeepsLimitsAndCostsLittleMoreThanTryingEveryPlace()
    {
        var random = new Random(2);
        var cost = new LineCost(90, 1);
        var limits = new PlanLimits(64, 4096);
        var requests = Enumerable.Range(0, 1000).Select(_ => new WaitingRequest(random.Next(1, 4), random.Next(4, 257), 0)).OrderBy(r => r.Length).ToArray();
        var first = BatchPlanner.Cut(requests, cost, limits);
        foreach (var batch in Batches(requests, first))
        {
            Assert.True(limits.Allow(batch.Sum(r => r.Rows), batch.Max(r => r.Length)));
        }

        // No cut can cost less than every token once and a start for every full batch.
        var tokens = requests.Sum(r => (double)r.Rows * r.Length);
        var least = tokens + (90 * tokens / 4096);
        Assert.InRange(Total(requests, first, cost), least, 1.15 * least);
    }

    [Fact]
    public void Next_MostUrgent_IsAlwaysInIt()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var requests = Enumerable.Range(0, random.Next(1, 200)).Select(i => new WaitingRequest(random.Next(1, 5), random.Next(1, 300), i)).ToArray();
            var plan = BatchPlanner.Next(requests, new LineCost(random.NextDouble() * 300, 1), new PlanLimits(32, 4096), now: 200);
            Assert.Equal(0, plan[0]);
            Assert.Equal(plan.Distinct().Order(), plan);
        }
    }

    [Fact]
    public void Next_RunsCostTheSameTogether_EqualLengthsGoTogether() =>
        Assert.Equal(30, BatchPlanner.Next(Same(30, 8), new LineCost(1, 0.001), Wide, now: 0).Length);

    [Fact]
    public void Next_PaddingCostsMoreThanAStart_LengthsStayApart()
    {
        WaitingRequest[] requests = [new(1, 10, 0), new(1, 200, 0), new(1, 11, 0)];
        Assert.Equal([0, 2], BatchPlanner.Next(requests, new LineCost(20, 1), Wide, now: 0));
    }

    [Fact]
    public void Next_BatchWouldMissADeadline_IsThinnedOut()
    {
        WaitingRequest[] requests = [.. Same(10, 10).Select((r, i) => r with { Deadline = i == 0 ? 45 : double.PositiveInfinity })];
        var plan = BatchPlanner.Next(requests, new LineCost(5, 1), Wide, now: 0);
        Assert.Equal([0, 1, 2, 3], plan);
        Assert.Equal([0, 1], BatchPlanner.Next(requests, new LineCost(5, 1), Wide, now: 0, spread: 1.5));
    }

    [Fact]
    public void Next_SomebodyIsLateAnyway_DoesNotHoldUpTheOthers()
    {
        WaitingRequest[] requests = [.. Same(10, 10).Select((r, i) => r with { Deadline = i == 3 ? 1 : double.PositiveInfinity })];
        Assert.Equal(10, BatchPlanner.Next(requests, new LineCost(5, 1), Wide, now: 0).Length);
    }

    [Fact]
    public void Next_NothingWaits_PlansNothing() => Assert.Empty(BatchPlanner.Next([], new LineCost(1, 1), Wide, now: 0));

    private static WaitingRequest[] Same(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new WaitingRequest(1, length, 0))];

    private static IEnumerable<WaitingRequest[]> Batches(WaitingRequest[] requests, int[] first) =>
        requests.Zip(first).GroupBy(pair => pair.Second, pair => pair.First).Select(batch => batch.ToArray());

    private static double Total(WaitingRequest[] requests, int[] first, LineCost cost) =>
        Batches(requests, first).Sum(batch => cost.Predict(batch.Sum(r => r.Rows), batch.Max(r => r.Length)));

    // Every way to put requests into batches, neighbours or not.
    private static double Best(WaitingRequest[] requests, LineCost cost, PlanLimits limits)
    {
        return Place(0, []);

        double Place(int next, List<List<WaitingRequest>> batches)
        {
            if (next == requests.Length)
            {
                return batches.Sum(batch => cost.Predict(batch.Sum(r => r.Rows), batch.Max(r => r.Length)));
            }

            batches.Add([requests[next]]);
            var best = Place(next + 1, batches);
            batches.RemoveAt(batches.Count - 1);
            foreach (var batch in batches.ToList())
            {
                batch.Add(requests[next]);
                if (limits.Allow(batch.Sum(r => r.Rows), batch.Max(r => r.Length)))
                {
                    best = Math.Min(best, Place(next + 1, batches));
                }

                batch.RemoveAt(batch.Count - 1);
            }

            return best;
        }
    }
}
