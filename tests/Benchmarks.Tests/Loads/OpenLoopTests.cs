using Microsoft.AspNetCore.Http;
using Serving.Benchmarks.Loads;

namespace Serving.Benchmarks.Tests.Loads;

public sealed class OpenLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Run_ARequestThatIsSentLate_IsChargedFromItsIntendedMoment()
    {
        await using var server = await StubServer.StartAsync(context => context.Response.WriteAsync("answer"));

        // The first two should have gone five seconds before the load began.
        var latencies = await Task.Run(() => OpenLoop.Run(server.Address, "/any", [[1]], [-5, -5, 0])).WaitAsync(Patience);

        Assert.Equal(3, latencies.Count);
        Assert.True(latencies.Percentile(0.5) >= 5e6);
    }

    [Fact]
    public async Task Run_WhileAnswersAreHeldBack_SendsOnTime()
    {
        // Answered when all three are there: a client that waited for answers would wait for ever.
        var arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StubServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref arrived) == 3)
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(Patience);
            await context.Response.WriteAsync("answer");
        });

        var latencies = await Task.Run(() => OpenLoop.Run(server.Address, "/any", [[1], [2]], [0, 0.01, 0.02])).WaitAsync(Patience);

        // From the first request's moment to the last one's there are 20 ms, whatever the machine does.
        Assert.True(latencies.Percentile(1) >= 20_000);
    }

    [Fact]
    public async Task Run_MoreComeDueThanStreamsAreAllowed_SendsNoMoreAndChargesTheWait()
    {
        const int Due = 150;
        const int Allowed = 100;
        var (inFlight, most) = (0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StubServer.StartAsync(async context =>
        {
            var now = Interlocked.Increment(ref inFlight);
            for (var seen = most; now > seen; seen = most)
            {
                Interlocked.CompareExchange(ref most, now, seen);
            }

            if (now == Allowed)
            {
                full.TrySetResult();
            }

            await full.Task.WaitAsync(Patience);
            Interlocked.Decrement(ref inFlight);
            await context.Response.WriteAsync("answer");
        });

        // All should have gone five seconds before the load began.
        var latencies = await Task.Run(() => OpenLoop.Run(server.Address, "/any", [[1]], [.. Enumerable.Repeat(-5.0, Due)])).WaitAsync(Patience);

        Assert.Equal(Due, latencies.Count);
        Assert.Equal(Allowed, most);
        Assert.True(latencies.Percentile(0.01) >= 5e6);
    }

    [Fact]
    public void Poisson_ManyArrivals_HaveTheRateAscendAndRepeat()
    {
        var arrivals = OpenLoop.Poisson(rate: 1000, seconds: 20, seed: 3);

        // The count's standard deviation is 141.
        Assert.InRange(arrivals.Length, 19_000, 21_000);
        Assert.Equal(arrivals.Order(), arrivals);
        Assert.Equal(arrivals, OpenLoop.Poisson(rate: 1000, seconds: 20, seed: 3));
    }
}
