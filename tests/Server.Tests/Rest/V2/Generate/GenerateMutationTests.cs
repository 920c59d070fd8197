using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V2;
using Serving.Server.Rest.V2.Generate;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Tests.Rest.V2.Generate;

/// <summary>Whatever bytes come, they are read or refused with a sentence, and nothing is thrown.</summary>
public class GenerateMutationTests
{
    private static readonly ModelMetadata Model = new(
        "m",
        ["1"],
        "onnxruntime_onnx",
        [new("text", ElementType.Bytes, new TensorShape(-1, 1), []), new("x", ElementType.Float32, new TensorShape(-1, 2), [])],
        []);

    private static readonly byte[][] Bodies =
    [
        Encoding.UTF8.GetBytes("""{"id":"1","text":"a\u00e9\ud83d\ude00","x":[1,2.5e3,"NaN",-0],"parameters":{"top_k":3,"stop":"\n","on":true}}"""),
        Encoding.UTF8.GetBytes("""{"text":["ä","b",""],"parameters":{"x":[1,2]},"t\u0065mperature":0.5}"""),
    ];

    [Fact]
    public void Read_MutatedBodies_AreReadOrRefused()
    {
        var random = new Random(17);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 30_000; i++)
        {
            var body = Mutate(random, Bodies[i % Bodies.Length], i < Bodies.Length ? 0 : random.Next(1, 6));

            var outcome = GenerateReader.Read(body, Model, new InferTarget("m", null, default, 0, TimeProvider.System));

            if (outcome.TryGetValue(out var request, out var failure))
            {
                read++;
                Assert.All(request.Request.Inputs, Check);
                request.Dispose();
            }
            else
            {
                refused++;
                Assert.NotEmpty(failure.Message);
                Assert.Equal(InferenceError.InvalidInput, failure.Error);
            }
        }

        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void SettingsBody_MutatedBodies_AreReadOrRefused()
    {
        var random = new Random(19);
        var body = Encoding.UTF8.GetBytes("""{"log_info":true,"trace_level":["OFF","\ud83d\ude00"],"n":12,"f":1e5,"z":null,"\u0065":"ä"}""");
        var (read, refused) = (0, 0);
        for (var i = 0; i < 30_000; i++)
        {
            var (one, none) = SettingsBody.Read(Mutate(random, body, random.Next(4))).TryGetValue(out _, out _) ? (1, 0) : (0, 1);
            (read, refused) = (read + one, refused + none);
        }

        Assert.True(read > 1000 && refused > 1000, $"{read} read, {refused} refused");
    }

    private static void Check(InputTensor input)
    {
        Assert.True(input.Shape.TryCountElements(out var count));
        if (input.Type == ElementType.Bytes)
        {
            Assert.Null(StringTensors.Check(input.Data, count));
        }
        else
        {
            Assert.Equal(count * input.Type.Size(), input.Data.Length);
        }
    }

    private static byte[] Mutate(Random random, byte[] body, int times)
    {
        const string Interesting = "\"\\{}[],:0u d9-e.";
        var bytes = body.ToList();
        for (; times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = (byte)Interesting[random.Next(Interesting.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 12), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
