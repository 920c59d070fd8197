using System.Buffers.Binary;
using System.Text;
using Serving.Fuzz.Engine;
using Serving.Fuzz.Reference;
using Serving.Runtime.Tensors;
using Serving.Server.Tests.Rest.V2.Requests;

namespace Serving.Fuzz.Targets;

/// <summary>
/// Infer requests with raw data behind their JSON. The first two bytes of an input say how many bytes are raw, counted from the end,
/// so that damage to the JSON does not always make its length wrong.
/// </summary>
internal sealed class RestBinaryTarget : FuzzTarget
{
    public override string Name => "rest-binary";

    public override int Rounds => 200_000;

    public override bool IsText => true;

    public override IReadOnlyList<byte[]> Tokens => RestTokens.List;

    public override IEnumerable<byte[]> Seeds(Random random)
    {
        foreach (var type in Enum.GetValues<ElementType>())
        {
            var (one, two) = (SampleTensor.Create(type, random, 2, 3), SampleTensor.Create(type, random, 1));
            var json =
                $$$"""
                {"inputs":[{"name":"x","shape":[2,3],"datatype":"{{{type.Name()}}}","parameters":{"binary_data_size":{{{one.Bytes.Length}}}}},
                {"name":"y","shape":[1],"datatype":"{{{type.Name()}}}","data":{{{two.Flat}}}},
                {"parameters":{"binary_data_size":{{{two.Bytes.Length}}}},"datatype":"{{{type.Name()}}}","shape":[1],"name":"z"}]}
                """;
            var raw = (byte[])[.. one.Bytes, .. two.Bytes];
            yield return [(byte)raw.Length, (byte)(raw.Length >> 8), .. Encoding.UTF8.GetBytes(json), .. raw];
        }
    }

    public override Verdict Try(byte[] input)
    {
        var raw = input.Length < 2 ? 0 : BinaryPrimitives.ReadInt16LittleEndian(input);
        var body = input[Math.Min(2, input.Length)..];
        return InferRequestCheck.Check(body, raw <= body.Length ? body.Length - raw : body.Length + 1);
    }
}
