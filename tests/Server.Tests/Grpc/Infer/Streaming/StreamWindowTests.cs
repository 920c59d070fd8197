using Serving.Server.Grpc.Infer.Streaming;

namespace Serving.Server.Tests.Grpc.Infer.Streaming;

public class StreamWindowTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task WaitAsync_RoomLeft_ReturnsAtOnce()
    {
        var window = new StreamWindow(2, 10);

        window.Enter(9);

        Assert.True(window.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
        await window.WaitAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 10)]
    [InlineData(9, 500)]
    public async Task WaitAsync_Full_ReturnsWhenOneHasLeft(int mostRequests, int bytes)
    {
        var window = new StreamWindow(mostRequests, 10);
        window.Enter(bytes);
        var waiting = window.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        window.Leave(bytes);

        await waiting.WaitAsync(Patience);
    }

    [Fact]
    public async Task WaitAsync_Cancelled_Throws()
    {
        var window = new StreamWindow(1, 10);
        window.Enter(0);
        using var cancellation = new CancellationTokenSource();
        var waiting = window.WaitAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
    }
}
