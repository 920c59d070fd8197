namespace Serving.Server.Tests;

public sealed class BlockGrowthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue - 100)]
    public void Next_UntilAllCame_EndsAtTheLengthAndNeverHoldsMuchMore(int announced)
    {
        var block = BlockGrowth.Begin(announced);
        var copied = 0L;
        while (block < announced)
        {
            var next = BlockGrowth.Next(block, block + 1L, announced);
            Assert.InRange(next, block + 1, 16L * block);
            copied += block;
            block = next;
        }

        Assert.Equal(announced, block);
        Assert.InRange(copied, 0, announced * 1.07);
    }

    [Fact]
    public void Next_MuchAtOnce_HoldsIt() => Assert.Equal(9_000_000, BlockGrowth.Next(65_536, 9_000_000, 10_000_000));
}
