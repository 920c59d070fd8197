using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V2;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2.Requests;

/// <summary>Broken requests become failures, never exceptions, and give all their memory back.</summary>
[Collection(PoolCollection.Name)]
public sealed class MutationTests
{
    private const int Rounds = 50_000;

    private static readonly byte[][] Fragments =
    [
        .. ((string[])["{", "}", "[", "]", "\"", "\\", ",", ":", "null", "true", "-1", "1e999", "\\ud800", "\\u0000", "NaN", "[[[[", "\"data\":", "\"shape\":[2],",
            "\"name\":\"x\",", "\"parameters\":{\"binary_data_size\":4},", "99999999999999999999", "\u00e9", "/*x*/", "{}", "[]"]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0], [0xFF, 0xFF, 0xFF, 0x7F],
    ];

    [Fact]
    public void Read_MutatedRequests_NeverThrowAndLeakNothing()
    {
        var random = new Random(20_26);
        var seeds = Seeds(random).ToArray();
        var rented = BufferPool.Shared.RentedBytes;
        var (accepted, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var (body, jsonLength) = seeds[random.Next(seeds.Length)];
            var mutated = Mutate(body, random);
            var header = jsonLength is null ? (int?)null : random.Next(20) == 0 ? random.Next(mutated.Length + 2) : jsonLength + mutated.Length - body.Length;
            var outcome = InferRequestReader.Read(mutated, Decoded.Target(header is null ? null : Math.Max(1, header.Value)));
            if (outcome.TryGetValue(out var decoded, out var failure))
            {
                Check(decoded);
                decoded.Dispose();
                accepted++;
            }
            else
            {
                Assert.True(failure.Error is InferenceError.InvalidInput or InferenceError.Unsupported or InferenceError.TooLarge, failure.ToString());
                Assert.NotEmpty(failure.Message);
                refused++;
            }
        }

        Assert.Equal(rented, BufferPool.Shared.RentedBytes);
        Assert.True(accepted > Rounds / 50, $"{accepted} accepted: the mutations are too strong to test anything");
        Assert.True(refused > Rounds / 4, $"{refused} refused: the mutations are too weak to test anything");
    }

    [Fact]
    public void ReadRaw_RandomBodiesAndSignatures_NeverThrowAndLeakNothing()
    {
        var random = new Random(7);
        var rented = BufferPool.Shared.RentedBytes;
        for (var round = 0; round < Rounds; round++)
        {
            var shape = Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(-1, 4)).ToArray();
            var signature = new TensorSignature("x", (ElementType)random.Next(14), new TensorShape(shape), []);
            var outcome = RawRequestReader.Read(
                new byte[random.Next(40)], [signature], shape.Length > 0 && random.Next(2) == 0 ? 0 : null, Decoded.Target(0));
            if (outcome.TryGetValue(out var decoded, out _))
            {
                Check(decoded);
                decoded.Dispose();
            }
        }

        Assert.Equal(rented, BufferPool.Shared.RentedBytes);
    }

    [Fact]
    public void ReadRepositoryRequest_MutatedBodies_NeverThrow()
    {
        var random = new Random(11);
        var seed = """{"ready":true,"parameters":{"unload_dependents":true,"other":[1,{"a":"b"}]}}"""u8.ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            RepositoryRequest.Read(Mutate(seed, random)).TryGetValue(out _, out _);
        }
    }

    /// <summary>What was accepted must be what it says: elements and bytes agree.</summary>
    private static void Check(DecodedRequest decoded)
    {
        foreach (var input in decoded.Request.Inputs)
        {
            Assert.True(input.Shape.TryCountElements(out var count));
            Assert.True(input.Type == ElementType.Bytes || input.Data.Length == count * input.Type.Size());
        }
    }

    private static IEnumerable<(byte[] Body, int? JsonLength)> Seeds(Random random)
    {
        foreach (var type in Enum.GetValues<ElementType>())
        {
            var sample = SampleTensor.Create(type, random, 2, 3);
            var start = $$"""{"id":"7","parameters":{"timeout":5,"binary_data_output":true},"inputs":[{"name":"x","shape":[2,3],"datatype":"{{type.Name()}}",""";
            const string End = "}],\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":false}}]}";
            yield return (Encoding.UTF8.GetBytes($"{start}\"data\":{sample.Nested}{End}"), null);
            yield return (Encoding.UTF8.GetBytes($"{{\"inputs\":[{{\"data\":{sample.Flat},\"shape\":[2,3],\"datatype\":\"{type.Name()}\",\"name\":\"x\"}}]}}"), null);
            var json = Encoding.UTF8.GetBytes($"{start}\"parameters\":{{\"binary_data_size\":{sample.Bytes.Length}}}{End}");
            yield return ([.. json, .. sample.Bytes], json.Length);
        }
    }

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
