using Serving.Runtime.Pooling;

namespace Serving.Runtime.Tests.Pooling;

public sealed class ReusePoolTests
{
    [Fact]
    public void Rent_AfterReturn_IsTheSameAgain()
    {
        var pool = new ReusePool<object>(() => new object());
        var first = pool.Rent();
        var second = pool.Rent();
        Assert.NotSame(first, second);

        pool.Return(first);

        Assert.Same(first, pool.Rent());
        Assert.NotSame(first, pool.Rent());
    }

    [Fact]
    public void Return_MoreThanItKeeps_LetsTheRestGo()
    {
        var made = 0;
        var pool = new ReusePool<object>(() => made++);
        var all = Enumerable.Range(0, ReusePool<object>.Most + 10).Select(_ => pool.Rent()).ToList();

        all.ForEach(pool.Return);
        all.ForEach(_ => pool.Rent());

        Assert.Equal(all.Count + 10, made);
    }
}
