using Serving.Server.Grpc.Protocol;

namespace Serving.Server.Tests.Grpc.Protocol;

public class CallDeadlineTests
{
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _aborted = new();
    private int _passed;

    [Fact]
    public void Token_WithoutDeadline_IsTheRequestsOwn()
    {
        using var deadline = Create();

        Assert.Equal(_aborted.Token, deadline.Token);
        Assert.Equal(0, deadline.Timestamp);
    }

    [Fact]
    public void Shorten_TimePasses_TokenIsCancelledAfterTheCallback()
    {
        using var deadline = Create();
        deadline.Shorten(TimeSpan.FromSeconds(2));
        var passedFirst = false;
        using var registration = deadline.Token.Register(() => passedFirst = _passed == 1);

        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(deadline.HasPassed || deadline.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(deadline.HasPassed && deadline.Token.IsCancellationRequested && passedFirst);
        Assert.Equal(_time.GetTimestamp(), deadline.Timestamp);
    }

    [Fact]
    public void Shorten_LaterTime_ChangesNothing()
    {
        using var deadline = Create();
        deadline.Shorten(TimeSpan.FromSeconds(1));
        deadline.Shorten(TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(deadline.HasPassed);
    }

    [Fact]
    public void Shorten_EarlierTime_CountsFromWhenTheCallCame()
    {
        using var deadline = Create();
        deadline.Shorten(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(1));
        deadline.Shorten(TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(deadline.HasPassed);
    }

    [Fact]
    public void Shorten_Centuries_IsNoDeadline()
    {
        using var deadline = Create();

        deadline.Shorten(TimeSpan.FromHours(99_999_999));

        Assert.Equal(0, deadline.Timestamp);
    }

    [Fact]
    public void Token_ClientAborts_IsCancelledWithoutDeadlinePassing()
    {
        using var deadline = Create();
        deadline.Shorten(TimeSpan.FromSeconds(5));

        _aborted.Cancel();

        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.False(deadline.HasPassed);
    }

    [Fact]
    public void Dispose_TimePasses_NothingHappens()
    {
        var deadline = Create();
        deadline.Shorten(TimeSpan.FromSeconds(5));
        deadline.Dispose();

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(0, _passed);
    }

    private CallDeadline Create()
    {
        var deadline = new CallDeadline(_time, () => _passed++);
        deadline.Begin(_time.GetTimestamp(), _aborted.Token);
        return deadline;
    }
}
