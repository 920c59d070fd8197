using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Tests.Batching.Planning;

public sealed class RequestQueueTenantTests
{
    private static readonly object Key = new();

    private static readonly LineCost Cost = new(0, 0.01);

    private readonly QueueReplay _replay = new(new RequestQueue<int>(Cost, new QueueRules(new PlanLimits(1))), Cost);

    [Fact]
    public void Take_FloodOfOneTenant_AnotherWaitsForFewOfIt()
    {
        Flood(1000);
        for (var id = 1000; id < 1010; id++)
        {
            _replay.Offer(id, Key, new WaitingRequest(1, 1, 0) { Tenant = "light" });
        }

        Steps(40);
        Assert.All(Enumerable.Range(1000, 10), id => Assert.True(_replay.Answered.ContainsKey(id), $"{id} still waits after 40 runs"));
    }

    [Fact]
    public void Take_BothAskForAll_EachGetsHalfByCost()
    {
        // One asks for runs four times as long.
        for (var id = 0; id < 2000; id++)
        {
            var isLong = id % 2 == 0;
            _replay.Offer(id, isLong ? "long" : "short", new WaitingRequest(1, isLong ? 4 : 1, 0) { Tenant = isLong ? "long" : "short" });
        }

        Steps(500);
        var longs = _replay.Answered.Keys.Count(id => id % 2 == 0);
        var shorts = 500 - longs;
        Assert.InRange(shorts / (4.0 * longs), 0.95, 1.05);
    }

    [Fact]
    public void Take_FloodGoesOn_WhatWaitsOfEitherIsReached()
    {
        Flood(100);
        var last = 0.0;
        for (var id = 100; id < 2000; id++)
        {
            _replay.Offer(id, Key, new WaitingRequest(1, 1, _replay.Now) { Tenant = id % 2 == 0 ? "light" : "flood", Priority = id % 4 });
            _replay.Step();
            last = _replay.Now;
        }

        // The oldest has come no longer ago than the backlog takes, with the most that priority and share may move it.
        var oldest = _replay.Waiting.Values.Min(r => r.Arrived);
        Assert.InRange(last - oldest, 0, (100 * 0.01 * 2) + (3 * Urgency.PriorityStep));
        Assert.All(Enumerable.Range(0, 100), id => Assert.True(_replay.Answered.ContainsKey(id)));
    }

    [Fact]
    public void Take_AloneAgainAfterAPause_IsNotHeldToWhatItTookBefore()
    {
        Flood(100);
        _replay.Drain();
        _replay.Now += 10;
        _replay.Offer(1000, Key, new WaitingRequest(1, 1, _replay.Now) { Tenant = "light" });
        _replay.Offer(1001, Key, new WaitingRequest(1, 1, _replay.Now - 0.1) { Tenant = "flood" });
        Assert.Equal([1001], _replay.Step());
    }

    [Fact]
    public void Remove_NeverRan_IsNotCountedAsTaken()
    {
        Flood(100);
        for (var id = 1; id < 100; id++)
        {
            Assert.True(_replay.Remove(id));
        }

        _replay.Offer(1000, Key, new WaitingRequest(1, 1, 0) { Tenant = "light" });
        _replay.Offer(1001, Key, new WaitingRequest(1, 1, 0) { Tenant = "flood" });
        _replay.Drain();
        Assert.Equal(2, Array.IndexOf([.. _replay.Batches.Select(batch => batch[0])], 1001));
    }

    [Fact]
    public void Offer_TenantAheadOfItsShare_IsToldOfItsOwnPlaceAndNotOfAnothers()
    {
        Flood(100);
        _replay.Offer(1000, Key, new WaitingRequest(1, 1, 0) { Tenant = "light" });
        Assert.Equal(Refusal.PredictedLate, _replay.Offer(1001, Key, new WaitingRequest(1, 1, 0, 0.9) { Tenant = "flood" }).Refusal);
        Assert.Equal(Refusal.None, _replay.Offer(1002, Key, new WaitingRequest(1, 1, 0, 0.9) { Tenant = "light" }).Refusal);
    }

    [Fact]
    public void Offer_FloodFillsTheQueueUpToItsDeadlines_AnotherTenantIsLetInAndServedFirst()
    {
        for (var id = 0; id < 200; id++)
        {
            _replay.Offer(id, Key, new WaitingRequest(1, 1, 0, 1) { Tenant = "flood" });
        }

        Assert.InRange(_replay.Waiting.Count, 50, 100);
        Assert.Equal(Refusal.None, _replay.Offer(1000, Key, new WaitingRequest(1, 1, 0, 1) { Tenant = "light" }).Refusal);
        Steps(2);
        Assert.True(_replay.Answered.ContainsKey(1000));
    }

    [Fact]
    public void Offer_Refused_IsNotCountedAsTaken()
    {
        Flood(50);
        for (var id = 50; id < 150; id++)
        {
            Assert.Equal(Refusal.PredictedLate, _replay.Offer(id, Key, new WaitingRequest(1, 1, 0, 0.001) { Tenant = "light" }).Refusal);
        }

        _replay.Offer(1000, Key, new WaitingRequest(1, 1, 0) { Tenant = "light" });
        Steps(2);
        Assert.True(_replay.Answered.ContainsKey(1000));
    }

    [Fact]
    public void Offer_MoreTenantsThanAreToldApart_AllAreServed()
    {
        for (var id = 0; id < 3000; id++)
        {
            Assert.Equal(Refusal.None, _replay.Offer(id, Key, new WaitingRequest(1, 1, 0) { Tenant = $"t{id}" }).Refusal);
        }

        _replay.Drain();
        Assert.Equal(3000, _replay.Answered.Count);
    }

    private void Flood(int count)
    {
        for (var id = 0; id < count; id++)
        {
            _replay.Offer(id, Key, new WaitingRequest(1, 1, 0) { Tenant = "flood" });
        }
    }

    private void Steps(int count)
    {
        for (var step = 0; step < count; step++)
        {
            _replay.Step();
        }
    }
}
