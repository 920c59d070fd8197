using System.Net;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Tests.Rest.V2.Requests;
using Serving.Server.Tests.SharedMemory;
using Input = Serving.Contracts.Inference.ModelInferRequest.Types.InferInputTensor;
using Output = Serving.Contracts.Inference.ModelInferRequest.Types.InferRequestedOutputTensor;

namespace Serving.Server.Tests.Grpc;

/// <summary>The shared memory extensions over gRPC, against an engine that answers each input as an output of the same name.</summary>
public sealed class SharedMemoryServiceTests
{
    private const string Service = "/inference.GRPCInferenceService/";

    [Fact]
    public async Task Regions_RegisterStatusUnregister_Work()
    {
        using var file = new SharedMemoryFile(100);
        await using var host = await StartAsync();
        await RegisterAsync(host, "a", file.Key, 1, 50);
        await RegisterAsync(host, "b", file.Key, 0, 100);
        var all = await host.Client.CallAsync<SystemSharedMemoryStatusResponse>(Service + "SystemSharedMemoryStatus", new SystemSharedMemoryStatusRequest());
        Assert.Equal(["a", "b"], all.Regions.Keys.Order());
        var one = await host.Client.CallAsync<SystemSharedMemoryStatusResponse>(Service + "SystemSharedMemoryStatus", new SystemSharedMemoryStatusRequest { Name = "a" });
        Assert.Equal(new SystemSharedMemoryStatusResponse.Types.RegionStatus { Name = "a", Key = file.Key, Offset = 1, ByteSize = 50 }, Assert.Single(one.Regions).Value);
        var again = await host.Client.CallAsync(Service + "SystemSharedMemoryRegister", new SystemSharedMemoryRegisterRequest { Name = "a", Key = file.Key, ByteSize = 1 });
        Assert.Equal((6, "shared memory region 'a' already in manager"), (again.Status, again.Message));
        await host.Client.CallAsync<SystemSharedMemoryUnregisterResponse>(Service + "SystemSharedMemoryUnregister", new SystemSharedMemoryUnregisterRequest { Name = "a" });
        var gone = await host.Client.CallAsync(Service + "SystemSharedMemoryStatus", new SystemSharedMemoryStatusRequest { Name = "a" });
        Assert.Equal((5, "Unable to find system shared memory region: 'a'"), (gone.Status, gone.Message));
        await host.Client.CallAsync<SystemSharedMemoryUnregisterResponse>(Service + "SystemSharedMemoryUnregister", new SystemSharedMemoryUnregisterRequest());
        Assert.Empty((await host.Client.CallAsync<SystemSharedMemoryStatusResponse>(Service + "SystemSharedMemoryStatus", new SystemSharedMemoryStatusRequest())).Regions);
    }

    [Theory]
    [InlineData("SystemSharedMemoryStatus")]
    [InlineData("SystemSharedMemoryRegister")]
    [InlineData("SystemSharedMemoryUnregister")]
    public async Task NotAllowed_EveryCall_NamesTheOption(string rpc)
    {
        await using var host = await GrpcHost.StartAsync();
        var reply = await host.Client.CallAsync(Service + rpc, new SystemSharedMemoryStatusRequest { Name = "r" });
        Assert.Equal((12, "shared memory is not open to clients; start the server with --allow-shared-memory"), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task AnotherMachine_EveryCall_IsForbidden()
    {
        using var file = new SharedMemoryFile(4);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        host.RemoteAddress = IPAddress.Parse("10.0.0.1");
        foreach (var rpc in (string[])["SystemSharedMemoryStatus", "SystemSharedMemoryRegister", "SystemSharedMemoryUnregister"])
        {
            Assert.Equal(7, (await host.Client.CallAsync(Service + rpc, new SystemSharedMemoryStatusRequest { Name = "r" })).Status);
        }

        Assert.Equal(7, (await host.Client.CallAsync(Service + "ModelInfer", Request("INT32", [1], "r", 0, 4))).Status);
    }

    [Fact]
    public async Task Cuda_NothingIsThereAndNothingCanBeRegistered()
    {
        await using var host = await StartAsync();
        Assert.Empty((await host.Client.CallAsync<CudaSharedMemoryStatusResponse>(Service + "CudaSharedMemoryStatus", new CudaSharedMemoryStatusRequest())).Regions);
        Assert.Equal(5, (await host.Client.CallAsync(Service + "CudaSharedMemoryStatus", new CudaSharedMemoryStatusRequest { Name = "r" })).Status);
        await host.Client.CallAsync<CudaSharedMemoryUnregisterResponse>(Service + "CudaSharedMemoryUnregister", new CudaSharedMemoryUnregisterRequest());
        var metadata = await host.Client.CallAsync<ServerMetadataResponse>(Service + "ServerMetadata", new ServerMetadataRequest());
        Assert.Contains("system_shared_memory", metadata.Extensions);
        Assert.DoesNotContain("cuda_shared_memory", metadata.Extensions);
    }

    [Fact]
    public async Task Infer_RandomTensorsOfEveryType_AreTheSameThroughMemoryAsThroughMessages()
    {
        var random = new Random(12);
        using var file = new SharedMemoryFile(4000);
        await using var host = await StartAsync();
        await RegisterAsync(host, "in", file.Key, 17, 1983);
        await RegisterAsync(host, "out", file.Key, 2001, 1999);
        foreach (var type in Enum.GetValues<ElementType>())
        {
            for (var round = 0; round < 5; round++)
            {
                var tensor = SampleTensor.Create(type, random, [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(0, 4))]);
                var (from, to) = (random.Next(0, 100), random.Next(0, 100));
                file.Write(17 + from, tensor.Bytes);
                var request = Request(type.Name(), tensor.Shape, "in", from, tensor.Bytes.Length);
                request.Outputs.Add(new Output { Name = "x", Parameters = { Place("out", to, 1500) } });
                var response = await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", request);
                var output = Assert.Single(response.Outputs);
                Assert.Equal(type.Name(), output.Datatype);
                Assert.Equal(tensor.Shape, output.Shape);
                Assert.Equal(Place("out", to, tensor.Bytes.Length), output.Parameters);
                Assert.Empty(Assert.Single(response.RawOutputContents));

                var plain = new ModelInferRequest { ModelName = "echo", Inputs = { new Input { Name = "x", Datatype = type.Name(), Shape = { tensor.Shape } } }, RawInputContents = { ByteString.CopyFrom(tensor.Bytes) } };
                var expected = await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", plain);
                Assert.Equal(expected.RawOutputContents[0].ToByteArray(), file.Read(2001 + to, tensor.Bytes.Length));
            }
        }
    }

    [Fact]
    public async Task Infer_MemoryAndRawMixed_RawEntriesSkipTheInputsInMemory()
    {
        using var file = SharedMemoryFile.Of([1, 2, 3, 4]);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        var request = new ModelInferRequest { ModelName = "echo" };
        request.Inputs.Add(new Input { Name = "a", Datatype = "UINT8", Shape = { 1 } });
        request.Inputs.Add(new Input { Name = "b", Datatype = "UINT8", Shape = { 2 }, Parameters = { Place("r", 0, 2) } });
        request.Inputs.Add(new Input { Name = "c", Datatype = "UINT8", Shape = { 1 } });
        request.RawInputContents.Add(ByteString.CopyFrom(8));
        request.RawInputContents.Add(ByteString.CopyFrom(9));
        request.Outputs.Add(new Output { Name = "a", Parameters = { Place("r", 3, 1) } });
        request.Outputs.Add(new Output { Name = "b" });
        var response = await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", request);
        Assert.Equal(["a", "b", "c"], response.Outputs.Select(output => output.Name));
        Assert.Equal([[], [1, 2], [9]], response.RawOutputContents.Select(raw => raw.ToByteArray()));
        Assert.Equal([1, 2, 3, 8], file.ReadAll());

        request.RawInputContents.Add(ByteString.CopyFrom(7));
        var reply = await host.Client.CallAsync(Service + "ModelInfer", request);
        Assert.Equal(3, reply.Status);
        Assert.Contains("2 inputs outside shared memory and 3 entries", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", 0, 4, 5, "Unable to find shared memory region: 'nobody'")]
    [InlineData("r", 4, 4, 3, "Invalid offset for shared memory region: 'r'")]
    [InlineData("r", 1, 4, 3, "Invalid offset + byte size for shared memory region: 'r'")]
    [InlineData("r", -1, 4, 3, "invalid value type for 'shared_memory_offset' parameter of input 'x', expected int64_param")]
    public async Task Infer_PlaceThatIsNone_IsRefused(string region, long offset, int size, int status, string expected)
    {
        using var file = new SharedMemoryFile(4);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        var reply = await host.Client.CallAsync(Service + "ModelInfer", Request("UINT8", [4], region, offset, size));
        Assert.Equal(status, reply.Status);
        Assert.StartsWith(expected, reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_OutputThatHasNoRoom_IsRefusedAndTheResponseIsDisposed()
    {
        using var file = SharedMemoryFile.Of([1, 2, 3, 4]);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        var request = Request("UINT8", [2], "r", 0, 2);
        request.Outputs.Add(new Output { Name = "x", Parameters = { Place("r", 2, 1) } });
        var reply = await host.Client.CallAsync(Service + "ModelInfer", request);
        Assert.Equal((3, 1), (reply.Status, host.Engine.Disposed));
        Assert.Equal("shared memory size specified with the request for output 'x' (1 bytes) should be at least 2 bytes to hold the results", reply.Message);
        Assert.Equal([1, 2, 3, 4], file.ReadAll());
    }

    [Fact]
    public async Task Infer_UnregisteredWhileItRuns_IsAnsweredIntoTheRegion()
    {
        using var file = SharedMemoryFile.Of([1, 2, 0, 0]);
        await using var host = await StartAsync();
        await RegisterAsync(host, "r", file.Key, 0, 4);
        host.Engine.Infer = async (inference, _) =>
        {
            await host.Client.CallAsync<SystemSharedMemoryUnregisterResponse>(Service + "SystemSharedMemoryUnregister", new SystemSharedMemoryUnregisterRequest());
            return await host.Engine.Echo(inference);
        };
        var request = Request("UINT8", [2], "r", 0, 2);
        request.Outputs.Add(new Output { Name = "x", Parameters = { Place("r", 2, 2) } });
        await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", request);
        Assert.Equal([1, 2, 1, 2], file.ReadAll());
        Assert.Equal(5, (await host.Client.CallAsync(Service + "ModelInfer", request)).Status);
    }

    private static Task<GrpcHost> StartAsync() => GrpcHost.StartAsync(options => options.AllowSharedMemory = true);

    private static Task RegisterAsync(GrpcHost host, string name, string key, ulong offset, ulong byteSize) =>
        host.Client.CallAsync<SystemSharedMemoryRegisterResponse>(
            Service + "SystemSharedMemoryRegister", new SystemSharedMemoryRegisterRequest { Name = name, Key = key, Offset = offset, ByteSize = byteSize });

    private static ModelInferRequest Request(string type, long[] shape, string region, long offset, long byteSize) => new()
    {
        ModelName = "echo",
        Inputs = { new Input { Name = "x", Datatype = type, Shape = { shape }, Parameters = { Place(region, offset, byteSize) } } },
    };

    private static Dictionary<string, InferParameter> Place(string region, long offset, long byteSize) => new()
    {
        ["shared_memory_region"] = new InferParameter { StringParam = region },
        ["shared_memory_offset"] = new InferParameter { Int64Param = offset },
        ["shared_memory_byte_size"] = new InferParameter { Int64Param = byteSize },
    };
}
