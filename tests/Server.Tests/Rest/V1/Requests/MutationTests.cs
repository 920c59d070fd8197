using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V1.Requests;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V1.Requests;

/// <summary>Broken requests become failures, never exceptions, and give all their memory back.</summary>
[Collection(PoolCollection.Name)]
public sealed class MutationTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Fragments =
    [
        .. ((string[])["{", "}", "[", "]", "\"", "\\", ",", ":", "null", "true", "-1", "1e999", "\\ud800", "\\u0000", "NaN", "-Infinity", "[[[[", "\"instances\":", "\"inputs\":",
            "\"a\":", "\"b\":1,", "{\"b64\":\"aGk=\"}", "\"signature_name\":\"serving_default\",", "99999999999999999999", "\u00e9", "{}", "[]", "\"context\":{\"a\":1},"])
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0],
    ];

    [Fact]
    public void Read_MutatedRequests_NeverThrowAndLeakNothing()
    {
        var random = new Random(20_27);
        var seeds = Seeds(random).ToArray();
        var rented = BufferPool.Shared.RentedBytes;
        var (accepted, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var (body, model, reader) = seeds[random.Next(seeds.Length)];
            if (RequestText.Read(Mutate(body, random), model, 1 << 20, reader).TryGetValue(out var request, out var failure))
            {
                Check(request, model);
                request.Dispose();
                accepted++;
            }
            else
            {
                Assert.True(failure.Error is InferenceError.InvalidInput or InferenceError.TooLarge, failure.ToString());
                Assert.NotEmpty(failure.Message);
                refused++;
            }
        }

        Assert.Equal(rented, BufferPool.Shared.RentedBytes);
        Assert.True(accepted > Rounds / 50, $"{accepted} accepted: the mutations are too strong to test anything");
        Assert.True(refused > Rounds / 4, $"{refused} refused: the mutations are too weak to test anything");
    }

    /// <summary>What was accepted must be what it says: inputs of the model, once each, whose elements and bytes agree.</summary>
    private static void Check(V1Request request, ModelMetadata model)
    {
        Assert.Equal(request.Inputs.Count, request.Inputs.DistinctBy(input => input.Name).Count());
        Assert.Equal(model.Inputs.Select(input => input.Name).Order(), request.Inputs.Select(input => input.Name).Order());
        foreach (var input in request.Inputs)
        {
            Assert.True(input.Shape.TryCountElements(out var count));
            Assert.Equal(model.Inputs.Single(i => i.Name == input.Name).Type, input.Type);
            if (input.Type == ElementType.Bytes)
            {
                Assert.Null(StringTensors.Check(input.Data, count));
            }
            else
            {
                Assert.Equal(count * input.Type.Size(), input.Data.Length);
            }
        }
    }

    private static IEnumerable<(byte[] Body, ModelMetadata Model, RequestReader Reader)> Seeds(Random random)
    {
        foreach (var type in Enum.GetValues<ElementType>())
        {
            var tensor = Sample.Tensor("a", type, -1, 3);
            var sample = SampleTensor.Create(type, random, 2, 3);
            var row = SampleTensor.Create(type, random, 3);
            var one = Sample.Model(tensor);
            var two = Sample.Model(tensor, Sample.Tensor("b", ElementType.Int64, -1));
            yield return Seed(PredictReader.Read, $$"""{"signature_name":"serving_default","instances":{{sample.Nested}}}""", one);
            yield return Seed(PredictReader.Read, $$"""{"inputs":{{sample.Nested}}}""", one);
            yield return Seed(PredictReader.Read, $$"""{"instances":[{"a":{{row.Nested}},"b":1},{"b":2,"a":{{row.Nested}}}]}""", two);
            yield return Seed(PredictReader.Read, $$$"""{"inputs":{"b":[1,2],"a":{{{sample.Nested}}}}}""", two);
            yield return Seed(ClassifyReader.Read, $$$"""{"context":{"b":7},"examples":[{"a":{{{row.Nested}}}},{"a":{{{row.Flat}}}}]}""", two);
        }
    }

    private static (byte[] Body, ModelMetadata Model, RequestReader Reader) Seed(RequestReader reader, string json, ModelMetadata model) =>
        (Encoding.UTF8.GetBytes(json), model, reader);

    private static byte[] Mutate(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = (byte)"0123456789{}[],:\"\\-.eEtfn "[random.Next(26)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at - 1));
                    break;
                case 3:
                    bytes.InsertRange(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at + 1, random.Next(10) == 0 ? bytes.Count - at - 1 : 0);
                    break;
            }
        }

        return [.. bytes];
    }
}
