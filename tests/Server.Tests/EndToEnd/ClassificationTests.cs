using System.Text;
using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Server.Tests.Grpc;
using Serving.TestKit.Graphs;
using Serving.TestKit.Servers;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>The classification extension over both protocols, with labels from a Triton repository.</summary>
public sealed class ClassificationTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _repository = Directory.CreateTempSubdirectory("serving-classes-");

    public ClassificationTests()
    {
        var model = Path.Combine(_repository.FullName, "m");
        new OnnxGraphBuilder().Input("x", "FP32", "batch", 3).Output("y", "FP32", "batch", 3).Node("Neg", ["x"], ["y"])
            .Save(Path.Combine(model, "1", "model.onnx"));
        File.WriteAllText(Path.Combine(model, "config.pbtxt"), "max_batch_size: 8 output { name: 'y' data_type: TYPE_FP32 dims: [3] label_filename: 'labels.txt' }");
        File.WriteAllText(Path.Combine(model, "labels.txt"), "cat\nhorse\ndüne\n");
    }

    public void Dispose() => _repository.Delete(recursive: true);

    [Fact]
    public async Task Infer_BothProtocols_AnswerTheBestClasses()
    {
        await using var server = await RunningServer.StartAsync(_repository.FullName);
        const string Json = """
            {"inputs":[{"name":"x","datatype":"FP32","shape":[2,3],"data":[1,2,-3,0.5,0,4]}],"outputs":[{"name":"y","parameters":{"classification":2}}]}
            """;
        using var answer = await server.Http.PostAsync("/v2/models/m/infer", new StringContent(Json, Encoding.UTF8, "application/json")).WaitAsync(Patience);
        var text = await answer.Content.ReadAsStringAsync().WaitAsync(Patience);
        string[] expected = ["3.000000:2:düne", "-1.000000:0:cat", "-0.000000:1:horse", "-0.500000:0:cat"];
        Assert.Contains(
            $$"""{"name":"y","datatype":"BYTES","shape":[2,2],"data":[{{string.Join(',', expected.Select(e => $"\"{e}\""))}}]}""", text, StringComparison.Ordinal);

        var request = new ModelInferRequest { ModelName = "m", Id = "7" };
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "FP32", Shape = { 2, 3 } });
        request.RawInputContents.Add(ByteString.CopyFrom([.. ((float[])[1, 2, -3, 0.5f, 0, 4]).SelectMany(BitConverter.GetBytes)]));
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "y", Parameters = { ["classification"] = new InferParameter { Int64Param = 2 } } });
        using var client = new GrpcTestClient(server.GrpcAddress);
        var response = await client.CallAsync<ModelInferResponse>("/inference.GRPCInferenceService/ModelInfer", request);
        var output = Assert.Single(response.Outputs);
        Assert.Equal(("7", "BYTES", "2,2"), (response.Id, output.Datatype, string.Join(',', output.Shape)));
        Assert.Equal(
            [.. expected.SelectMany(e => (byte[])[.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(e)), .. Encoding.UTF8.GetBytes(e)])],
            Assert.Single(response.RawOutputContents).ToByteArray());
    }
}
