using System.Net;
using Microsoft.AspNetCore.Http;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Auth;
using Serving.Server.Hosting;
using Serving.Server.SharedMemory;
using Serving.Server.Tests.Rest;

namespace Serving.Server.Tests.SharedMemory;

[Collection(PoolCollection.Name)]
public sealed class RequestRegionsTests : IDisposable
{
    private const int Limit = 1024;

    private readonly SharedMemoryRegistry _registry = SharedMemoryRegistryTests.Registry(allow: true, Limit);
    private readonly SharedMemoryFile _file = new(2048);

    public RequestRegionsTests() => Assert.Null(_registry.Register("r", _file.Key, 0, 2048));

    public void Dispose()
    {
        _registry.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void Read_Inputs_MayTakeTheLimitTogether()
    {
        var rented = BufferPool.Shared.RentedBytes;
        using (var regions = new RequestRegions(Access("127.0.0.1")))
        {
            Assert.Null(regions.Read(new RegionReference("r", 0, Limit - 1)).Failure);
            Assert.Null(regions.Read(new RegionReference("r", 1500, 1)).Failure);
            var failure = regions.Read(new RegionReference("r", 0, 1)).Failure;
            Assert.Equal(InferenceError.TooLarge, failure?.Error);
            Assert.Contains("--max-request-bytes", failure!.Message, StringComparison.Ordinal);
        }

        Assert.Equal(rented, BufferPool.Shared.RentedBytes);
    }

    [Fact]
    public void ReadAndHold_UnknownRegion_IsNotFound()
    {
        using var regions = new RequestRegions(Access("127.0.0.1"));
        InferenceFailure?[] failures = [regions.Read(new RegionReference("s", 0, 1)).Failure, regions.Hold(new RegionReference("s", 0, 1)).Failure];
        Assert.All(failures, failure => Assert.Equal((InferenceError.NotFound, "Unable to find shared memory region: 's'"), (failure!.Error, failure.Message)));
    }

    [Fact]
    public void ReadAndHold_FromAnotherMachine_IsForbidden()
    {
        using var regions = new RequestRegions(Access("10.0.0.1"));
        InferenceFailure?[] failures = [regions.Read(new RegionReference("r", 0, 1)).Failure, regions.Hold(new RegionReference("r", 0, 1)).Failure];
        Assert.All(failures, failure => Assert.Equal(InferenceError.Forbidden, failure?.Error));
    }

    [Fact]
    public void Hold_UntilDisposed_KeepsTheRegion()
    {
        Assert.True(_registry.TryAcquire("r", out var region));
        region!.Release();
        using (var regions = new RequestRegions(Access("127.0.0.1")))
        {
            Assert.True(regions.Hold(new RegionReference("r", 8, 8)).TryGetValue(out var place, out _));
            Assert.Null(_registry.Unregister("r"));
            var output = new OutputTensor("y", ElementType.UInt8, new TensorShape(2), (byte[])[7, 9]);
            Assert.Null(place!.CheckRoom(output));
            Assert.Null(place.Write(output));
            Assert.Equal([7, 9, 0], _file.Read(8, 3));
            Assert.Equal(
                "shared memory size specified with the request for output 'y' (8 bytes) should be at least 9 bytes to hold the results",
                place.CheckRoom(output with { Data = new byte[9] })?.Message);
        }

        Assert.False(region.TryAcquire());
    }

    private SharedMemoryAccess Access(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return new SharedMemoryAccess(_registry, new ManagementGate(Microsoft.Extensions.Options.Options.Create(new ServingOptions())), context);
    }
}
