using System.Net;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Serving.Contracts.Inference;
using Serving.Runtime.Inference;
using Serving.Server.Descriptions;
using Serving.Server.SharedMemory;
using Serving.Server.Tests.Descriptions;

namespace Serving.Server.Tests.Grpc;

public class InferenceServiceTests
{
    private const string Service = "/inference.GRPCInferenceService/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task EveryDeclaredRpc_WithAnEmptyRequest_IsAnsweredByName()
    {
        await using var host = await GrpcHost.StartAsync(options => options.AllowSharedMemory = true);
        string[] working =
        [
            "ServerLive", "ServerReady", "ModelReady", "ServerMetadata", "ModelMetadata", "ModelInfer", "ModelStreamInfer",
            "RepositoryIndex", "RepositoryModelLoad", "RepositoryModelUnload", "ModelConfig", "ModelStatistics",
            "SystemSharedMemoryStatus", "SystemSharedMemoryRegister", "SystemSharedMemoryUnregister", "CudaSharedMemoryStatus", "CudaSharedMemoryUnregister",
            "TraceSetting", "LogSettings",
        ];

        foreach (var rpc in GrpcServiceReflection.Descriptor.Services.Single().Methods)
        {
            var reply = await host.Client.CallAsync(Service + rpc.Name, new Empty());

            if (working.Contains(rpc.Name))
            {
                Assert.True(reply.Status is 0 or 3 or 5, rpc.Name);
            }
            else if (rpc.Name == "CudaSharedMemoryRegister")
            {
                Assert.Equal((12, CudaSharedMemory.Refusal.Message), (reply.Status, reply.Message));
            }
            else
            {
                Assert.Equal((12, $"{rpc.Name} is part of the protocol, but this server does not offer it"), (reply.Status, reply.Message));
            }
        }
    }

    [Fact]
    public async Task ServerReady_Draining_IsFalse()
    {
        await using var host = await GrpcHost.StartAsync();
        Assert.True((await host.Client.CallAsync<ServerReadyResponse>(Service + "ServerReady", new ServerReadyRequest())).Ready);

        host.Drain.Begin();

        Assert.False((await host.Client.CallAsync<ServerReadyResponse>(Service + "ServerReady", new ServerReadyRequest())).Ready);
        Assert.False((await host.Client.CallAsync<ModelReadyResponse>(Service + "ModelReady", new ModelReadyRequest { Name = "echo" })).Ready);
    }

    [Theory]
    [InlineData("echo", "", true)]
    [InlineData("echo", "3", true)]
    [InlineData("echo", "2", false)]
    [InlineData("tired", "", false)]
    [InlineData("nobody", "", false)]
    public async Task ModelReady_Model_TellsWhetherItIs(string name, string version, bool ready)
    {
        await using var host = await GrpcHost.StartAsync();

        var response = await host.Client.CallAsync<ModelReadyResponse>(Service + "ModelReady", new ModelReadyRequest { Name = name, Version = version });

        Assert.Equal(ready, response.Ready);
    }

    [Fact]
    public async Task ServerMetadata_Asked_NamesTheServer()
    {
        await using var host = await GrpcHost.StartAsync();

        var response = await host.Client.CallAsync<ServerMetadataResponse>(Service + "ServerMetadata", new ServerMetadataRequest());

        Assert.Equal("serving", response.Name);
        Assert.Matches(@"^\d+\.\d+\.\d+", response.Version);
        Assert.Equal(ServerExtensions.Names, response.Extensions);
    }

    [Fact]
    public async Task ModelMetadata_KnownModel_IsDescribedWithoutProperties()
    {
        await using var host = await GrpcHost.StartAsync();

        var response = await host.Client.CallAsync<ModelMetadataResponse>(Service + "ModelMetadata", new ModelMetadataRequest { Name = "echo" });

        var tensor = new ModelMetadataResponse.Types.TensorMetadata { Name = "x", Datatype = "FP32", Shape = { -1, 2 } };
        Assert.Equal(
            new ModelMetadataResponse { Name = "echo", Versions = { "1", "3" }, Platform = "onnxruntime_onnx", Inputs = { tensor }, Outputs = { tensor } },
            response);
    }

    [Theory]
    [InlineData("nobody", 5)]
    [InlineData("tired", 14)]
    public async Task ModelMetadata_OtherModel_Fails(string name, int status)
    {
        await using var host = await GrpcHost.StartAsync();

        Assert.Equal(status, (await host.Client.CallAsync(Service + "ModelMetadata", new ModelMetadataRequest { Name = name })).Status);
    }

    [Fact]
    public async Task RepositoryIndex_AllAndReadyOnly_AreListed()
    {
        await using var host = await GrpcHost.StartAsync();

        var all = await host.Client.CallAsync<RepositoryIndexResponse>(Service + "RepositoryIndex", new RepositoryIndexRequest());
        var ready = await host.Client.CallAsync<RepositoryIndexResponse>(Service + "RepositoryIndex", new RepositoryIndexRequest { Ready = true });

        Assert.Equal([("echo", "3", "READY", ""), ("tired", "1", "UNAVAILABLE", "yawns")], all.Models.Select(m => (m.Name, m.Version, m.State, m.Reason)));
        Assert.Equal("echo", Assert.Single(ready.Models).Name);
    }

    [Fact]
    public async Task RepositoryModelLoadAndUnload_FromThisMachine_AreDone()
    {
        await using var host = await GrpcHost.StartAsync();

        await host.Client.CallAsync<RepositoryModelLoadResponse>(Service + "RepositoryModelLoad", new RepositoryModelLoadRequest { ModelName = "tired" });
        await host.Client.CallAsync<RepositoryModelUnloadResponse>(Service + "RepositoryModelUnload", new RepositoryModelUnloadRequest { ModelName = "echo" });
        var unknown = await host.Client.CallAsync(Service + "RepositoryModelLoad", new RepositoryModelLoadRequest { ModelName = "nobody" });

        Assert.Equal(["load tired", "unload echo", "load nobody"], host.Engine.Management);
        Assert.Equal(5, unknown.Status);
    }

    [Theory]
    [InlineData("RepositoryModelLoad")]
    [InlineData("RepositoryModelUnload")]
    public async Task RepositoryRpc_FromElsewhere_NeedsTheKey(string rpc)
    {
        await using var host = await GrpcHost.StartAsync(options => options.ManagementKey = "open");
        host.RemoteAddress = IPAddress.Parse("192.0.2.1");

        var refused = await host.Client.CallAsync(Service + rpc, new Empty());
        var wrong = await host.Client.CallAsync(Service + rpc, new Empty(), ("authorization", "Bearer shut"));
        Assert.Empty(host.Engine.Management);
        var right = await host.Client.CallAsync(Service + rpc, new Empty(), ("authorization", "Bearer open"));

        Assert.Equal((7, 7), (refused.Status, wrong.Status));
        Assert.True(right.Status is 0 or 5);
    }

    [Fact]
    public async Task RepositoryModelLoadAndUnload_OfANamedRepository_AreUnimplemented()
    {
        await using var host = await GrpcHost.StartAsync();

        var load = await host.Client.CallAsync(Service + "RepositoryModelLoad", new RepositoryModelLoadRequest { ModelName = "echo", RepositoryName = "r" });
        var unload = await host.Client.CallAsync(Service + "RepositoryModelUnload", new RepositoryModelUnloadRequest { ModelName = "echo", RepositoryName = "r" });

        Assert.Equal((12, 12), (load.Status, unload.Status));
    }

    [Fact]
    public async Task RepositoryModelLoad_WithOverrides_HandsThemOn()
    {
        await using var host = await GrpcHost.StartAsync();
        var request = new RepositoryModelLoadRequest { ModelName = "echo" };
        request.Parameters["config"] = new ModelRepositoryParameter { StringParam = "{}" };
        request.Parameters["file:1/model.onnx"] = new ModelRepositoryParameter { BytesParam = ByteString.CopyFrom(1, 2, 3) };

        await host.Client.CallAsync<RepositoryModelLoadResponse>(Service + "RepositoryModelLoad", request);

        Assert.Equal("{}", host.Engine.Overrides!.Config);
        Assert.Equal([1, 2, 3], Assert.Single(host.Engine.Overrides.Files).Value.ToArray());
        Assert.Equal("1/model.onnx", host.Engine.Overrides.Files.Keys.Single());
    }

    [Theory]
    [InlineData("config", false, "parameter 'config' must be a string_param")]
    [InlineData("file:1/x", true, "parameter 'file:1/x' must be a bytes_param")]
    [InlineData("file:1/x", false, "files are given without a configuration; parameter 'config' must say how they are to be loaded, and can be {}")]
    [InlineData("other", true, "parameter 'other' is unknown; allowed are 'config' and 'file:VERSION/NAME' for load, and 'unload_dependents' for unload")]
    public async Task RepositoryModelLoad_WithWrongParameters_SaysWhatIsAllowed(string name, bool isText, string expected)
    {
        await using var host = await GrpcHost.StartAsync();
        var request = new RepositoryModelLoadRequest { ModelName = "echo" };
        request.Parameters[name] = isText ? new ModelRepositoryParameter { StringParam = "{}" } : new ModelRepositoryParameter { BytesParam = ByteString.CopyFrom(1) };

        var reply = await host.Client.CallAsync(Service + "RepositoryModelLoad", request);

        Assert.Equal((3, expected), (reply.Status, reply.Message));
        Assert.Empty(host.Engine.Management);
    }

    [Fact]
    public async Task RepositoryModelUnload_Parameters_AreChecked()
    {
        await using var host = await GrpcHost.StartAsync();
        var request = new RepositoryModelUnloadRequest { ModelName = "echo", Parameters = { ["unload_dependents"] = new ModelRepositoryParameter { BoolParam = true } } };
        await host.Client.CallAsync<RepositoryModelUnloadResponse>(Service + "RepositoryModelUnload", request);

        request.Parameters["unload_dependents"] = new ModelRepositoryParameter { Int64Param = 1 };
        var wrong = await host.Client.CallAsync(Service + "RepositoryModelUnload", request);
        request.Parameters.Clear();
        request.Parameters["other"] = new ModelRepositoryParameter { BoolParam = true };
        var unknown = await host.Client.CallAsync(Service + "RepositoryModelUnload", request);

        Assert.Equal((3, "parameter 'unload_dependents' must be a bool_param"), (wrong.Status, wrong.Message));
        Assert.Equal(3, unknown.Status);
        Assert.Equal(["unload echo"], host.Engine.Management);
    }

    [Fact]
    public async Task ModelConfig_Model_IsItsConfiguration()
    {
        await using var host = await GrpcHost.StartAsync();

        var response = await host.Client.CallAsync<ModelConfigResponse>(Service + "ModelConfig", new ModelConfigRequest { Name = "echo", Version = "3" });
        var unknown = await host.Client.CallAsync(Service + "ModelConfig", new ModelConfigRequest { Name = "nobody" });

        Assert.Equal(ModelConfigMessage.Of(SampleDescriptions.Configuration), response.Config);
        Assert.Equal(5, unknown.Status);
    }

    [Fact]
    public async Task ModelStatistics_OfAModelOrAll_AreItsCounts()
    {
        await using var host = await GrpcHost.StartAsync();

        var one = await host.Client.CallAsync<ModelStatisticsResponse>(Service + "ModelStatistics", new ModelStatisticsRequest { Name = "echo" });
        var all = await host.Client.CallAsync<ModelStatisticsResponse>(Service + "ModelStatistics", new ModelStatisticsRequest());
        var unready = await host.Client.CallAsync(Service + "ModelStatistics", new ModelStatisticsRequest { Name = "tired" });

        Assert.Equal(StatisticsMessage.Of([SampleDescriptions.Statistics]), one);
        Assert.Equal(one, all);
        Assert.Equal(14, unready.Status);
    }

    [Fact]
    public async Task ModelInfer_RawAndTyped_AreEchoedRaw()
    {
        await using var host = await GrpcHost.StartAsync();
        var raw = Request([1, 2, 3, 4, 5, 6, 7, 8]);
        var typed = Request(null);
        typed.Inputs[0].Contents = new InferTensorContents { Fp32Contents = { 1, 2 } };

        var fromRaw = await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", raw);
        var fromTyped = await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", typed);

        Assert.Equal(("echo", "3", "id-1"), (fromRaw.ModelName, fromRaw.ModelVersion, fromRaw.Id));
        Assert.Equal(raw.RawInputContents, fromRaw.RawOutputContents);
        Assert.Equal(("x", "FP32"), (fromRaw.Outputs[0].Name, fromRaw.Outputs[0].Datatype));
        Assert.Equal([1, 2], fromRaw.Outputs[0].Shape);
        Assert.Equal([0, 0, 128, 63, 0, 0, 0, 64], fromTyped.RawOutputContents[0].ToByteArray());
        Assert.Equal(2, host.Engine.Disposed);
    }

    [Fact]
    public async Task ModelInfer_LargeTensors_PassThrough()
    {
        await using var host = await GrpcHost.StartAsync();
        var data = new byte[20_000_000];
        new Random(3).NextBytes(data);

        var response = await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", Request(data));

        Assert.Equal(data, response.RawOutputContents[0].ToByteArray());
    }

    [Fact]
    public async Task ModelInfer_ManyAtOnceInAllSizes_GetTheirOwnAnswers()
    {
        await using var host = await GrpcHost.StartAsync();
        var random = new Random(5);
        var payloads = Enumerable.Range(0, 400).Select(i => new byte[random.Next(i % 20 == 0 ? 300_000 : 5000)]).ToArray();
        Array.ForEach(payloads, random.NextBytes);

        var responses = await Task.WhenAll(payloads.Select(payload =>
            host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", Request(payload)))).WaitAsync(Patience);

        Assert.Equal(payloads, responses.Select(response => response.RawOutputContents[0].ToByteArray()));
    }

    [Fact]
    public async Task ModelInfer_Malformed_IsInvalidArgument()
    {
        await using var host = await GrpcHost.StartAsync();

        var reply = await host.Client.SendAsync(Service + "ModelInfer", new ByteArrayContent(GrpcTestClient.Frame([0x0A, 200])));

        Assert.Equal((3, "the request is not a valid ModelInferRequest: malformed or cut off in the length of model_name"), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("nobody", 5)]
    [InlineData("tired", 14)]
    public async Task ModelInfer_OtherModel_Fails(string name, int status)
    {
        await using var host = await GrpcHost.StartAsync();
        var request = Request(new byte[8]);
        request.ModelName = name;

        Assert.Equal(status, (await host.Client.CallAsync(Service + "ModelInfer", request)).Status);
    }

    [Theory]
    [InlineData(false, null, null)]
    [InlineData(false, "1", "queue;dur=1.5, input;dur=0, infer;dur=2, output;dur=0.0001, total;dur=4")]
    [InlineData(true, null, "queue;dur=1.5, input;dur=0, infer;dur=2, output;dur=0.0001, total;dur=4")]
    public async Task ModelInfer_ServerTimingWanted_IsTrailingMetadata(bool option, string? metadata, string? expected)
    {
        await using var host = await GrpcHost.StartAsync(options => options.ServerTiming = option);

        var reply = await host.Client.CallAsync(
            Service + "ModelInfer", Request(new byte[8]), metadata is null ? [] : [("x-server-timing", metadata)]);

        Assert.Equal((0, expected), (reply.Status, reply.GetMetadata("server-timing")));
    }

    [Fact]
    public async Task ModelInfer_TimeoutParameter_ShortensTheDeadline()
    {
        await using var host = await GrpcHost.StartAsync();
        var running = new TaskCompletionSource();
        host.Engine.Infer = async (_, token) =>
        {
            running.SetResult();
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            return InferenceFailure.Cancelled;
        };
        var request = Request(new byte[8]);
        request.Parameters["timeout"] = new InferParameter { Int64Param = 1_500_000 };
        var calling = host.Client.CallAsync(Service + "ModelInfer", request, ("grpc-timeout", "10S"));
        await running.Task.WaitAsync(Patience);

        Assert.Equal(TimeSpan.FromSeconds(1.5), host.Time.GetElapsedTime(host.Engine.Last!.Received, host.Engine.Last.Deadline));
        host.Time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal(4, (await calling).Status);
    }

    [Fact]
    public async Task ModelInfer_ClientResets_MemoryStaysValidUntilTheEngineIsDone()
    {
        await using var host = await GrpcHost.StartAsync();
        var running = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var seen = new TaskCompletionSource<byte[]>();
        host.Engine.Infer = async (request, _) =>
        {
            running.SetResult();
            await release.Task;
            seen.SetResult(System.Buffers.BuffersExtensions.ToArray(request.Inputs[0].Data));
            return InferenceFailure.Cancelled;
        };
        var data = new byte[10_000];
        new Random(9).NextBytes(data);
        using var reset = new CancellationTokenSource();
        var body = new ByteArrayContent(GrpcTestClient.Frame(Request(data).ToByteArray()));
        var opening = host.Client.OpenAsync(Service + "ModelInfer", body, [], reset.Token);
        await running.Task.WaitAsync(Patience);

        await reset.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        host.Engine.Infer = null;
        for (var i = 0; i < 20; i++)
        {
            await host.Client.CallAsync<ModelInferResponse>(Service + "ModelInfer", Request(new byte[10_000]));
        }

        release.SetResult();
        Assert.Equal(data, await seen.Task.WaitAsync(Patience));
    }

    private static ModelInferRequest Request(byte[]? raw)
    {
        var request = new ModelInferRequest
        {
            ModelName = "echo",
            Id = "id-1",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 1, 2 } } },
        };
        if (raw is not null)
        {
            request.RawInputContents.Add(UnsafeByteOperations.UnsafeWrap(raw));
        }

        return request;
    }
}
