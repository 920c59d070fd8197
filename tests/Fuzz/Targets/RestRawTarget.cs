using Serving.Fuzz.Engine;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Fuzz.Targets;

/// <summary>Raw requests: the body is the one input, whose shape follows. An input is the model's signature, then the body.</summary>
internal sealed class RestRawTarget : FuzzTarget
{
    private const int MostAxes = 5;

    public override string Name => "rest-raw";

    public override int Rounds => 200_000;

    public override IReadOnlyList<byte[]> Tokens { get; } = [[0xFF], [0], [1], [4, 0, 0, 0], [1, 1, 0xFF], [2, 0xFF, 3]];

    public override IEnumerable<byte[]> Seeds(Random random)
    {
        foreach (var type in Enum.GetValues<ElementType>())
        {
            yield return [(byte)type, 1, 0xFF, 0, .. new byte[16]];
            yield return [(byte)type, 3, 0xFF, 0xFF, 2, 1, .. new byte[32]];
            yield return [(byte)type, 0, 0, .. new byte[Math.Max(1, type.Size())]];
        }
    }

    public override Verdict Try(byte[] input)
    {
        var header = (byte[])[.. input.Take(3 + MostAxes), .. new byte[3 + MostAxes]];
        var type = (ElementType)(header[0] % ElementTypes.AllNames.Count);
        var rank = header[1] % (MostAxes + 1);
        var dims = header[2..(2 + rank)].Select(dim => (long)(sbyte)dim).ToArray();
        int? batchAxis = rank > 0 && header[2 + rank] % 2 == 1 ? header[2 + rank] / 2 % rank : null;
        var body = input[Math.Min(input.Length, 3 + rank)..];

        var signature = new TensorSignature("x", type, new TensorShape(dims), []);
        var target = new InferTarget("m", null, new InferHeaders(0, null, 0), 1000, TimeProvider.System);
        var outcome = RawRequestReader.Read(body, [signature], batchAxis, target);
        if (!outcome.TryGetValue(out var decoded, out var failure))
        {
            Finding.Unless(failure.Error == InferenceError.InvalidInput, $"refused as {failure.Error}");
            Finding.Unless(!Fits(type, dims, body), $"a body that fits a fixed shape is refused: {failure.Message}");
            return Verdict.Refused(failure.Message);
        }

        using (decoded)
        {
            Check(decoded.Request.Inputs[0], type, dims, batchAxis, body);
            return Verdict.Accepted($"{type} {rank}");
        }
    }

    private static void Check(in InputTensor actual, ElementType type, long[] dims, int? batchAxis, byte[] body)
    {
        Finding.Unless(actual.Type == type && actual.Shape.Rank == dims.Length, "type or rank differ");
        for (var axis = 0; axis < dims.Length; axis++)
        {
            Finding.Unless(dims[axis] < 0 || actual.Shape[axis] == dims[axis], "a fixed axis changed");
        }

        Finding.Unless(batchAxis is not { } batch || dims[batch] >= 0 || actual.Shape[batch] == 1, "the batch is not 1");
        Finding.Unless(actual.Shape.TryCountElements(out var count), "the elements cannot be counted");
        var expected = type == ElementType.Bytes ? [.. BitConverter.GetBytes(body.Length), .. body] : body;
        Finding.Unless(System.Buffers.BuffersExtensions.ToArray(actual.Data).AsSpan().SequenceEqual(expected), "the data differ");
        Finding.Unless(type == ElementType.Bytes ? count == 1 : count * type.Size() == body.Length, "data and shape differ in size");
    }

    private static bool Fits(ElementType type, long[] dims, byte[] body) =>
        dims.All(dim => dim >= 0) && new TensorShape(dims).TryCountElements(out var count)
        && (type == ElementType.Bytes ? count == 1 : count * type.Size() == body.Length)
        && (type != ElementType.Bool || body.All(value => value <= 1));
}
