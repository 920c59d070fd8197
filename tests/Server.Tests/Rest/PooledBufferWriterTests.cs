using Serving.Server.Rest;

namespace Serving.Server.Tests.Rest;

public sealed class PooledBufferWriterTests
{
    [Fact]
    public void Write_PastTheFirstBlock_KeepsWhatWasWritten()
    {
        var random = new Random(3);
        var expected = new List<byte>();
        using var writer = new PooledBufferWriter(0);
        for (var i = 0; i < 200; i++)
        {
            var piece = new byte[random.Next(300)];
            random.NextBytes(piece);
            expected.AddRange(piece);
            writer.Write(piece);
        }

        Assert.Equal(expected, writer.WrittenMemory.ToArray());
        Assert.Equal(expected.Count, writer.Length);
    }

    [Fact]
    public void Clear_KeepsTheBlockAndForgetsTheBytes()
    {
        using var writer = new PooledBufferWriter(8);
        writer.Write([1, 2, 3]);
        writer.Clear();
        writer.Write([4]);
        Assert.Equal([4], writer.WrittenMemory.ToArray());
    }

    [Fact]
    public void Advance_BeyondTheBlock_IsABug()
    {
        using var writer = new PooledBufferWriter(8);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(9));
    }

    [Fact]
    public void WrittenMemory_AfterDispose_Throws()
    {
        var writer = new PooledBufferWriter(8);
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.WrittenMemory);
    }
}
