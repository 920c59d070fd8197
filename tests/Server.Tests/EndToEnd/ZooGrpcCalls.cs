using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Server.Tests.Grpc;
using Serving.TestKit;

namespace Serving.Server.Tests.EndToEnd;

/// <summary>Sends reference cases over gRPC with messages of the generated code, and says how the answers differ.</summary>
internal sealed class ZooGrpcCalls(GrpcTestClient client)
{
    public async Task<IReadOnlyList<string>> AsRawAsync(string model, ZooCase zooCase)
    {
        var request = new ModelInferRequest { ModelName = model, Id = zooCase.Name };
        foreach (var (name, array) in zooCase.Inputs)
        {
            var input = new ModelInferRequest.Types.InferInputTensor { Name = name, Datatype = array.Datatype };
            input.Shape.AddRange(array.Shape);
            request.Inputs.Add(input);
            request.RawInputContents.Add(UnsafeByteOperations.UnsafeWrap(array.Data));
        }

        var response = await client.CallAsync<ModelInferResponse>("/inference.GRPCInferenceService/ModelInfer", request);
        Assert.Equal(zooCase.Name, response.Id);
        var differences = new List<string>();
        var seen = 0;
        foreach (var (output, raw) in response.Outputs.Zip(response.RawOutputContents))
        {
            if (zooCase.Outputs.ContainsKey(output.Name))
            {
                seen++;
                var values = new NpyArray(output.Datatype, [], raw.ToByteArray()).ToDoubles();
                differences.AddRange(zooCase.Difference(output.Name, [.. output.Shape], values) is { } difference ? [$"{model}, {difference}"] : []);
            }
        }

        Assert.Equal(zooCase.Outputs.Count, seen);
        return differences;
    }
}
