using System.Text;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Reference;
using Serving.Runtime.Tensors;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Fuzz.Targets;

/// <summary>Infer requests in JSON, held against what System.Text.Json's documents say.</summary>
internal sealed class RestJsonTarget : FuzzTarget
{
    public override string Name => "rest-json";

    public override int Rounds => 200_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens => RestTokens.List;

    public override IEnumerable<byte[]> Seeds(Random random)
    {
        foreach (var type in Enum.GetValues<ElementType>())
        {
            foreach (var shape in (long[][])[[2, 3], [2], [], [1, 2, 1], [0], [2, 0]])
            {
                var sample = SampleTensor.Create(type, random, shape);
                var name = type.Name();
                yield return Utf8($$"""{"inputs":[{"name":"x","shape":{{sample.ShapeText}},"datatype":"{{name}}","data":{{sample.Nested}}}]}""");
                yield return Utf8($$"""{ "inputs": [{"data":{{sample.Flat}},"shape":{{sample.ShapeText}},"datatype":"{{name}}","name":"x"}], "id": "7"}""");
            }
        }

        yield return Utf8(
            """
            {"id":"7","parameters":{"timeout":5,"binary_data_output":true},"inputs":[{"name":"x","shape":[2],"datatype":"INT32","data":[1,-2]},
            {"name":"y","shape":[1,2],"datatype":"FP32","data":[[1.5,2e3]]}],"outputs":[{"name":"z","parameters":{"binary_data":false}}]}
            """);
    }

    public override Verdict Try(byte[] input) => InferRequestCheck.Check(input, jsonLength: null);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
