using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Planning;

public sealed class RequestQueueTests
{
    private static readonly object Key = new();

    private static readonly PlanLimits Wide = new(1024);

    [Fact]
    public void AnyOrderOfOperations_KeepsLimitsAndLetsEachGoOnce()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            Mix(new Random(seed));
        }
    }

    [Fact]
    public void Offer_QueueIsFull_RefusesButTakesALargerRequestIntoAnEmptyQueue()
    {
        var queue = new RequestQueue<int>(new LineCost(1, 1), new QueueRules(Wide, MaxRows: 4));
        Assert.Equal(Refusal.None, queue.Offer(1, Key, new WaitingRequest(6, 1, 0), 0, new LaneLoad(1)).Refusal);
        var refused = queue.Offer(2, Key, new WaitingRequest(1, 1, 0), 0, new LaneLoad(1));
        Assert.Equal((Refusal.QueueFull, -1), (refused.Refusal, refused.Slot));
        Assert.True(refused.RetryAfter > 0);
        Assert.Equal((1, 6), (queue.Count, queue.Rows));
    }

    [Fact]
    public void Take_SinglesWithDeadlines_GoEarliestFirst()
    {
        var random = new Random(5);
        var queue = new RequestQueue<int>(new LineCost(0, 1e-6), new QueueRules(Wide));
        var replay = new QueueReplay(queue, new LineCost(0, 1e-6));
        var deadlines = Enumerable.Range(0, 200).Select(_ => 1 + (random.NextDouble() * 8)).ToArray();
        for (var id = 0; id < deadlines.Length; id++)
        {
            Assert.Equal(Refusal.None, replay.Offer(id, null, new WaitingRequest(1, 1, 0, deadlines[id])).Refusal);
        }

        replay.Drain();
        Assert.Equal(deadlines.Order(), replay.Batches.Select(batch => deadlines[Assert.Single(batch)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Take_AllCouldBeOnTimeAlone_AllAreOnTime(int lengths)
    {
        var random = new Random(6);
        for (var round = 0; round < 300; round++)
        {
            var cost = new LineCost(0.002 + (random.NextDouble() * 0.02), 0.0005);
            var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(Wide)), cost);
            Fill(replay, random, cost, lengths);
            var due = replay.Waiting.ToDictionary(r => r.Key, r => r.Value.Deadline);
            replay.Drain();
            Assert.Empty(replay.Shed);
            Assert.All(due, r => Assert.True(replay.Answered[r.Key] <= r.Value + 1e-9, $"round {round}: {r.Key} at {replay.Answered[r.Key]}, due {r.Value}"));
        }
    }

    [Fact]
    public void Take_FirstOfAnotherKeyWouldBeLate_IsLeftTime()
    {
        var cost = new LineCost(1, 0.1);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(Wide)), cost);
        replay.Offer(0, "a", new WaitingRequest(1, 1, 0, 3));
        replay.Offer(1, "b", new WaitingRequest(1, 1, 0, 3.55), lanes: 1000);
        for (var id = 2; id < 40; id++)
        {
            replay.Offer(id, "a", new WaitingRequest(1, 1, 0, 9), lanes: 1000);
        }

        // 1 + 0.1 a row, and then 1.1 for the other before 3.55.
        Assert.Equal(14, replay.Step().Length);
        Assert.Equal([1], replay.Step());
        replay.Drain();
        Assert.Equal(40, replay.Answered.Count);
    }

    [Fact]
    public void Take_CostsNotKnown_EqualLengthsGoTogether()
    {
        var cost = new LineCost(0, 0);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(new PlanLimits(32))), cost);
        Offer(replay, 40);
        Assert.Equal(Enumerable.Range(0, 32), replay.Step());
        Assert.Equal(Enumerable.Range(32, 8), replay.Step());
    }

    [Fact]
    public void Take_RowsCostTheSameApart_RunsThemApart()
    {
        var cost = new LineCost(0, 0.001);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(new PlanLimits(32))), cost);
        Offer(replay, 5);
        replay.Drain();
        Assert.Equal([[0], [1], [2], [3], [4]], replay.Batches);
    }

    [Fact]
    public void Take_StartsCost_RunsThemTogether()
    {
        var cost = new LineCost(0.001, 1e-6);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(new PlanLimits(32))), cost);
        Offer(replay, 30);
        Assert.Equal(30, replay.Step().Length);
    }

    [Fact]
    public void Take_WaitedTooLong_IsShed()
    {
        var cost = new LineCost(0.001, 0);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(Wide, MaxWait: 0.5)), cost);
        replay.Offer(1, Key, new WaitingRequest(1, 1, 0));
        replay.Now = 0.4;
        replay.Offer(2, Key, new WaitingRequest(1, 1, 0.4));
        replay.Now = 0.6;
        Assert.Equal([2], replay.Step());
        Assert.Equal(Refusal.WaitedTooLong, replay.Shed[1]);
    }

    [Fact]
    public void Take_DeadlineCannotBeKeptAndOthersWait_IsShed()
    {
        var cost = new LineCost(0.1, 0);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(Wide)), cost);
        replay.Offer(1, Key, new WaitingRequest(1, 1, 0, 0.5));
        replay.Offer(2, Key, new WaitingRequest(1, 1, 0, 2));
        replay.Now = 0.45;
        Assert.Equal([2], replay.Step());
        Assert.Equal(Refusal.Expired, replay.Shed[1]);
    }

    [Fact]
    public void Take_ObjectiveMissed_IsAnsweredAllTheSame()
    {
        var cost = new LineCost(0.1, 0);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(Wide, Objective: 0.5)), cost);
        Offer(replay, 3);
        replay.Now = 5;
        replay.Drain();
        Assert.Equal(3, replay.Answered.Count);
    }

    [Fact]
    public void Offer_DeadlineBehindWhatWaits_IsRefusedWithTheDelay()
    {
        var cost = new LineCost(0, 0.1);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(Wide)), cost);
        Offer(replay, 10);
        var refused = replay.Offer(10, Key, new WaitingRequest(1, 1, 0, 1.05));
        Assert.Equal(Refusal.PredictedLate, refused.Refusal);
        Assert.True(refused.RetryAfter > 0.05);
        Assert.Equal(Refusal.None, replay.Offer(11, Key, new WaitingRequest(1, 1, 0, 0.5)).Refusal);
    }

    [Fact]
    public void Offer_DeadlineHasPassed_IsExpiredWhateverTheCosts()
    {
        var queue = new RequestQueue<int>(new LineCost(0, 0), new QueueRules(Wide));
        Assert.Equal(Refusal.Expired, queue.Offer(1, Key, new WaitingRequest(1, 1, 2, 1), 2, new LaneLoad(1)).Refusal);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Take_MoreUrgentPriority_GoesFirstUnlessItCameMuchLater()
    {
        var cost = new LineCost(0, 0.1);
        var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(Wide)), cost);
        replay.Offer(1, Key, new WaitingRequest(1, 1, 0));
        replay.Offer(2, Key, new WaitingRequest(1, 1, 0.5) { Priority = 1 });
        replay.Offer(3, Key, new WaitingRequest(1, 1, 1.5) { Priority = 1 });
        replay.Now = 1.5;
        replay.Drain();
        Assert.Equal([2, 1, 3], replay.Batches.Select(batch => batch[0]));
    }

    [Fact]
    public void Drain_MixedLengths_CostsLittleMoreThanTheBestCutOfAll()
    {
        var random = new Random(8);
        for (var round = 0; round < 100; round++)
        {
            var cost = new LineCost(random.NextDouble() * 300e-6, 1e-6);
            var limits = new PlanLimits(random.Next(4, 33), random.Next(1000, 8000));
            var replay = new QueueReplay(new RequestQueue<int>(cost, new QueueRules(limits)), cost);
            var requests = Enumerable.Range(0, 64).Select(_ => new WaitingRequest(1, random.Next(4, 257), 0)).ToArray();
            for (var id = 0; id < requests.Length; id++)
            {
                replay.Offer(id, Key, requests[id]);
            }

            replay.Drain();
            Assert.InRange(replay.Cost, 0, (1 + 1e-9) * BestCut([.. requests.OrderBy(r => r.Length)], cost, limits));
        }
    }

    // Requests of which each would be on time if all ran alone, earliest deadline first.
    private static void Fill(QueueReplay replay, Random random, LineCost cost, int lengths)
    {
        var finish = 0.0;
        var count = random.Next(2, 60);
        for (var id = 0; id < count; id++)
        {
            var length = random.Next(1, lengths + 1);
            finish += cost.Predict(1, length);
            var slack = random.NextDouble() < 0.3 ? random.NextDouble() * 0.05 : 0;
            replay.Offer(id, Key, new WaitingRequest(1, length, 0, finish + slack + 1e-9), lanes: 1_000_000);
        }
    }

    private static void Offer(QueueReplay replay, int count)
    {
        for (var id = 0; id < count; id++)
        {
            Assert.Equal(Refusal.None, replay.Offer(id, Key, new WaitingRequest(1, 1, 0)).Refusal);
        }
    }

    // The exact dynamic programme: neighbours by length, every place tried.
    private static double BestCut(WaitingRequest[] sorted, LineCost cost, PlanLimits limits)
    {
        var least = new double[sorted.Length + 1];
        for (var end = 1; end <= sorted.Length; end++)
        {
            least[end] = double.PositiveInfinity;
            for (var start = end - 1; start >= 0 && (end - start == 1 || limits.Allow(end - start, sorted[end - 1].Length)); start--)
            {
                least[end] = Math.Min(least[end], least[start] + cost.Predict(end - start, sorted[end - 1].Length));
            }
        }

        return least[^1];
    }

    private static void Mix(Random random)
    {
        var cost = new LineCost(random.NextDouble() * 1e-3, 1e-6);
        var rules = new QueueRules(
            new PlanLimits(random.Next(1, 17), random.Next(50, 500)),
            MaxRows: random.Next(20, 100),
            MaxWait: random.Next(2) == 0 ? 0.05 : double.PositiveInfinity,
            Objective: random.Next(3) == 0 ? 0.02 : double.PositiveInfinity);
        var queue = new RequestQueue<int>(cost, rules);
        var replay = new QueueReplay(queue, cost);
        var keys = new Dictionary<int, object?>();
        for (var id = 0; id < 1000; id++)
        {
            replay.Now += random.NextDouble() * 3e-4;
            keys[id] = random.Next(4) switch { 0 => null, 1 => "a", _ => "b" };
            replay.Offer(id, keys[id], Draw(random, replay.Now));
            Assert.True(queue.Rows <= rules.MaxRows || queue.Count == 1);
            if (random.Next(10) == 0)
            {
                var gone = random.Next(id + 1);
                var isWaiting = replay.Waiting.ContainsKey(gone);
                Assert.Equal(isWaiting, replay.Remove(gone));
            }

            if (random.Next(3) == 0)
            {
                queue.Limits = rules.Limits with { MaxRows = random.Next(1, rules.Limits.MaxRows + 1) };
                var requests = replay.Waiting.ToDictionary();
                Check(replay.Step(), requests, keys, queue.Limits);
            }

            Assert.Equal((replay.Waiting.Count, replay.Waiting.Values.Sum(r => r.Rows)), (queue.Count, queue.Rows));
            Assert.InRange(queue.Work, -1e-9, double.MaxValue);
        }

        replay.Drain();
        Assert.Equal((0, 0, 0.0), (queue.Count, queue.Rows, queue.Work));
        Assert.Empty(replay.Waiting);
    }

    private static WaitingRequest Draw(Random random, double now) =>
        new(random.Next(1, 4), random.Next(1, 60), now, random.Next(3) == 0 ? now + (random.NextDouble() * 0.1) : double.PositiveInfinity)
        {
            Priority = random.Next(4),
            Tenant = random.Next(3) switch { 0 => null, 1 => "x", _ => "y" },
        };

    private static void Check(int[] batch, Dictionary<int, WaitingRequest> requests, Dictionary<int, object?> keys, PlanLimits limits)
    {
        if (batch.Length <= 1)
        {
            return;
        }

        Assert.NotNull(keys[batch[0]]);
        Assert.Single(batch.Select(id => keys[id]).Distinct());
        Assert.True(limits.Allow(batch.Sum(id => requests[id].Rows), batch.Max(id => requests[id].Length)));
    }
}
