using Serving.Benchmarks.Loads;

namespace Serving.Benchmarks.Tests.Loads;

public sealed class IdealQueueTests
{
    [Fact]
    public void Replay_ThreeOfWhichTwoWait_CountsFromTheArrival()
    {
        // Runs of 2 s from 0 to 2, 2 to 4 and 10 to 12; arrivals at 0, 1 and 10.
        var latencies = IdealQueue.Replay([0, 1, 10], [2], seed: 1);

        Assert.Equal((2e6, 3e6), (latencies.Percentile(0.5), latencies.Percentile(1)));
    }
}
