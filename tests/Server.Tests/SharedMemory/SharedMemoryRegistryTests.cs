using System.Diagnostics;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Server.Hosting;
using Serving.Server.SharedMemory;

namespace Serving.Server.Tests.SharedMemory;

public sealed class SharedMemoryRegistryTests : IDisposable
{
    private readonly SharedMemoryRegistry _registry = Registry(allow: true);
    private readonly SharedMemoryFile _file = SharedMemoryFile.Of(Encoding.ASCII.GetBytes("0123456789"));

    public void Dispose()
    {
        _registry.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void NotAllowed_EveryCall_NamesTheOption()
    {
        using var closed = Registry(allow: false);
        InferenceFailure?[] failures =
            [closed.Register("r", _file.Key, 0, 1), closed.Unregister("r"), closed.Unregister(null), closed.GetStatus("").Failure, closed.GetStatus("r").Failure];
        Assert.All(failures, failure => Assert.Equal(
            (InferenceError.Unsupported, "shared memory is not open to clients; start the server with --allow-shared-memory"), (failure!.Error, failure.Message)));
    }

    [Fact]
    public void Register_Region_IsListedAndReadFromItsOffset()
    {
        Assert.Null(_registry.Register("r", _file.Key, 3, 5));
        Assert.Null(_registry.Register("a", _file.Key[1..], 0, 10));
        Assert.True(_registry.GetStatus(null).TryGetValue(out var all, out _));
        Assert.Equal([("a", _file.Key[1..], 0UL, 10UL), ("r", _file.Key, 3UL, 5UL)], all!.Select(r => (r.Name, r.Key, r.Offset, r.ByteSize)));
        Assert.True(_registry.GetStatus("r").TryGetValue(out var one, out _));
        Assert.Equal("r", Assert.Single(one!).Name);
        Assert.True(_registry.TryAcquire("r", out var region));
        var bytes = new byte[3];
        Assert.Null(region!.Read(new RegionReference("r", 1, 3), bytes));
        Assert.Equal("456", Encoding.ASCII.GetString(bytes));
        region.Release();
    }

    [Fact]
    public void Register_Twice_AlreadyExists()
    {
        Assert.Null(_registry.Register("r", _file.Key, 0, 1));
        var failure = _registry.Register("r", _file.Key, 0, 1);
        Assert.Equal((InferenceError.AlreadyExists, "shared memory region 'r' already in manager"), (failure!.Error, failure.Message));
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(1, ulong.MaxValue)]
    [InlineData(0, 0)]
    public void Register_BeyondTheObject_IsRefused(ulong offset, ulong byteSize)
    {
        var failure = _registry.Register("r", _file.Key, offset, byteSize);
        Assert.Equal(InferenceError.InvalidInput, failure?.Error);
        Assert.StartsWith("failed to register shared memory region 'r': invalid args", failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/.")]
    [InlineData("/..")]
    [InlineData("..")]
    [InlineData("../etc/passwd")]
    [InlineData("/../etc/passwd")]
    [InlineData("//data")]
    [InlineData("/a/b")]
    [InlineData("a/../b")]
    [InlineData("a\0b")]
    [InlineData("/serving-test-that-nobody-made")]
    public void Register_KeyThatIsNoPlainNameOrUnknown_IsRefused(string key)
    {
        var failure = _registry.Register("r", key, 0, 1);
        Assert.Equal(InferenceError.InvalidInput, failure?.Error);
        Assert.StartsWith($"Unable to open shared memory region: '{key}': ", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_LinkOrPipeOrFolder_IsRefused()
    {
        var name = $"serving-test-{Guid.NewGuid():N}";
        var path = "/dev/shm/" + name;
        File.CreateSymbolicLink(path, typeof(SharedMemoryRegistryTests).Assembly.Location);
        Refused(name);
        File.Delete(path);
        Directory.CreateDirectory(path);
        Refused(name);
        Directory.Delete(path);
        using (var mkfifo = Process.Start("mkfifo", path))
        {
            Assert.True(mkfifo.WaitForExit(TimeSpan.FromSeconds(20)));
        }

        Refused(name);
        File.Delete(path);

        void Refused(string key) => Assert.StartsWith(
            $"Unable to open shared memory region: '{key}': ", _registry.Register("r", key, 0, 1)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_NameThatIsNone_IsRefused()
    {
        Assert.Contains("'region name' is necessary", _registry.Register("", _file.Key, 0, 1)!.Message, StringComparison.Ordinal);
        Assert.Contains("characters", _registry.Register(new string('r', 257), _file.Key, 0, 1)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_MoreThanTheMost_IsRefusedUntilSomeAreGone()
    {
        for (var i = 0; i < SharedMemoryRegistry.MostRegions; i++)
        {
            Assert.Null(_registry.Register($"r{i}", _file.Key, 0, 1));
        }

        Assert.Equal(InferenceError.TooLarge, _registry.Register("more", _file.Key, 0, 1)?.Error);
        Assert.Null(_registry.Unregister("r0"));
        Assert.Null(_registry.Register("more", _file.Key, 0, 1));
        Assert.Null(_registry.Unregister(""));
        Assert.True(_registry.GetStatus("").TryGetValue(out var left, out _));
        Assert.Empty(left!);
    }

    [Fact]
    public void Unregister_Unknown_IsNoErrorAndStatusOfItIs()
    {
        Assert.Null(_registry.Unregister("nobody"));
        var failure = _registry.GetStatus("nobody").Failure;
        Assert.Equal((InferenceError.NotFound, "Unable to find system shared memory region: 'nobody'"), (failure!.Error, failure.Message));
    }

    [Fact]
    public void Unregister_WhileLeased_TheLeaseCanStillReadAndWrite()
    {
        Assert.Null(_registry.Register("r", _file.Key, 0, 10));
        Assert.True(_registry.TryAcquire("r", out var region));
        Assert.Null(_registry.Unregister("r"));
        _file.Remove();
        Assert.False(_registry.TryAcquire("r", out _));
        Assert.Null(region!.Write(new RegionReference("r", 4, 2), "xy"u8));
        var bytes = new byte[10];
        Assert.Null(region.Read(new RegionReference("r", 0, 10), bytes));
        Assert.Equal("0123xy6789", Encoding.ASCII.GetString(bytes));
        region.Release();
        Assert.False(region.TryAcquire());
        Assert.Throws<ObjectDisposedException>(() => region.Read(new RegionReference("r", 0, 10), bytes));
    }

    [Theory]
    [InlineData(10, 1, "Invalid offset for shared memory region: 'r'")]
    [InlineData(ulong.MaxValue, 1, "Invalid offset for shared memory region: 'r'")]
    [InlineData(9, 2, "Invalid offset + byte size for shared memory region: 'r'")]
    [InlineData(1, ulong.MaxValue, "Invalid offset + byte size for shared memory region: 'r'")]
    public void Check_OutsideTheRegion_IsRefused(ulong offset, ulong byteSize, string expected)
    {
        Assert.Null(_registry.Register("r", _file.Key, 0, 10));
        Assert.True(_registry.TryAcquire("r", out var region));
        Assert.StartsWith(expected, region!.Check(new RegionReference("r", offset, byteSize))!.Message, StringComparison.Ordinal);
        region.Release();
    }

    [Fact]
    public void Shortened_AfterItWasRegistered_IsRefusedAndNothingIsWritten()
    {
        Assert.Null(_registry.Register("r", _file.Key, 2, 8));
        Assert.True(_registry.TryAcquire("r", out var region));
        _file.Truncate(5);
        const string Expected = "shared memory region 'r' was shortened after it was registered";
        var whole = new RegionReference("r", 0, 8);
        Assert.StartsWith(Expected, region!.Check(whole)!.Message, StringComparison.Ordinal);
        Assert.StartsWith(Expected, region.Read(whole, new byte[8])!.Message, StringComparison.Ordinal);
        Assert.StartsWith(Expected, region.Write(whole, new byte[8])!.Message, StringComparison.Ordinal);
        Assert.Equal(5, _file.ReadAll().Length);
        Assert.Null(region.Check(new RegionReference("r", 0, 3)));
        region.Release();
    }

    internal static SharedMemoryRegistry Registry(bool allow, long maxRequestBytes = 1024) =>
        new(Microsoft.Extensions.Options.Options.Create(new ServingOptions { AllowSharedMemory = allow, MaxRequestBytes = maxRequestBytes }));
}
