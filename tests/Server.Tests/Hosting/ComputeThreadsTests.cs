using Serving.Server.Hosting;

namespace Serving.Server.Tests.Hosting;

public sealed class ComputeThreadsTests
{
    [Theory]
    [InlineData(0, 4, 8)]
    [InlineData(2, 4, 6)]
    [InlineData(16, 4, 20)]
    public void Minimum_Budget_LeavesOneThreadPerCoreForTheRest(int threads, int cores, int expected) =>
        Assert.Equal(expected, ComputeThreads.Minimum(threads, cores));

    [Fact]
    public void Reserve_Never_LowersThePoolsMinimum()
    {
        ThreadPool.GetMinThreads(out var before, out _);

        ComputeThreads.Reserve(1);

        ThreadPool.GetMinThreads(out var after, out _);
        Assert.True(after >= before);
    }
}
