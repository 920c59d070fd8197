using System.Buffers;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.TestKit;
using Xunit.Abstractions;

namespace Serving.Runtime.Tests.Models;

/// <summary>Every architecture of the zoo, in one engine.</summary>
public sealed class ZooTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Zoo_EveryCase_AnsweredAsReference()
    {
        await using var fixture = await EngineFixture.StartAsync(Zoo.Root);
        var differences = new List<string>();
        foreach (var model in Zoo.Models.Keys.Order())
        {
            fixture.Engine.GetDetails(model).TryGetValue(out var details, out _);
            output.WriteLine($"{model}: {details![0].State} {details[0].Reason} {details[0].Batching?.Enabled} {details[0].Batching?.Evidence}");
            foreach (var zooCase in Zoo.Cases(model))
            {
                using var response = await fixture.InferAsync(ToRequest(model, zooCase));
                differences.AddRange(Differences(model, zooCase, response));
            }
        }

        Assert.Empty(differences);
    }

    [Fact]
    public async Task Zoo_AllCasesOfAModelAtOnce_AnsweredAsReference()
    {
        await using var fixture = await EngineFixture.StartAsync(Zoo.Root);
        var differences = new List<string>();
        foreach (var model in Zoo.Models.Keys.Order())
        {
            // Each case several times, so that equal shapes meet in a batch.
            var cases = Enumerable.Repeat(Zoo.Cases(model), 4).SelectMany(c => c).ToList();
            var responses = await Task.WhenAll(cases.Select(c => fixture.InferAsync(ToRequest(model, c))));
            foreach (var (zooCase, response) in cases.Zip(responses))
            {
                differences.AddRange(Differences(model, zooCase, response));
                response.Dispose();
            }
        }

        Assert.Empty(differences);
    }

    private static InferenceRequest ToRequest(string model, ZooCase zooCase) => new()
    {
        ModelName = model,
        Inputs =
        [
            .. zooCase.Inputs.Select(input =>
            {
                Assert.True(ElementTypes.TryParse(input.Value.Datatype, out var type));
                return new InputTensor(input.Key, type, new TensorShape(input.Value.Shape), new ReadOnlySequence<byte>(input.Value.Data));
            }),
        ],
    };

    private static IEnumerable<string> Differences(string model, ZooCase zooCase, InferenceResponse response)
    {
        foreach (var tensor in response.Outputs.Where(o => zooCase.Outputs.ContainsKey(o.Name)))
        {
            var values = new NpyArray(tensor.Type.Name(), tensor.Shape.ToArray(), tensor.Data.ToArray()).ToDoubles();
            if (zooCase.Difference(tensor.Name, tensor.Shape.ToArray(), values) is { } difference)
            {
                yield return $"{model}, {difference}";
            }
        }

        Assert.All(zooCase.Outputs.Keys, name => Assert.Contains(response.Outputs, o => o.Name == name));
    }
}
