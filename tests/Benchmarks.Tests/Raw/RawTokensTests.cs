using Serving.Benchmarks.Raw;

namespace Serving.Benchmarks.Tests.Raw;

public sealed class RawTokensTests
{
    [Fact]
    public void Cut_TwoWindows_SortsEachByItself()
    {
        var batches = RawTokens.Cut([9, 1, 5, 3, 8, 2, 7, 4], window: 4, rows: 2);

        Assert.Equal([[1, 3], [5, 9], [2, 4], [7, 8]], batches);
    }
}
