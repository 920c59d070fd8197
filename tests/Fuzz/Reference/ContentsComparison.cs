using Google.Protobuf;
using Serving.Contracts.Inference;
using Serving.Fuzz.Engine;
using Serving.Runtime.Tensors;
using Serving.Server.Grpc.Infer;
using InferInputTensor = Serving.Contracts.Inference.ModelInferRequest.Types.InferInputTensor;

namespace Serving.Fuzz.Reference;

/// <summary>Holds converted typed contents against those of the generated parser.</summary>
internal static class ContentsComparison
{
    private const long Limit = 1 << 20;

    public static void Check(byte[] input, InferInputTensor expected, in ScannedInput actual)
    {
        if (!ElementTypes.TryParse(expected.Datatype, out var type) || Lay(expected.Contents, type) is not { } elements)
        {
            return;
        }

        var outcome = TypedContents.Convert(actual, type, "m", Limit);
        if (outcome.TryGetValue(out var buffer, out var failure))
        {
            using (buffer)
            {
                Finding.Unless(Fits(expected, elements), "contents are accepted that do not fit");
                Finding.Unless(buffer.GetSpan().SequenceEqual(elements.Bytes), "contents differ");
            }
        }
        else
        {
            Finding.Unless(!Fits(expected, elements) || Strictness.AllowsWire(input), $"contents that fit are refused: {failure.Message}");
        }
    }

    private static bool Fits(InferInputTensor expected, in Elements elements) =>
        elements.InRange && new TensorShape([.. expected.Shape]).TryCountElements(out var count) && count == elements.Count
        && elements.Count == CountAll(expected.Contents);

    private static int CountAll(InferTensorContents contents) =>
        contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count
        + contents.Uint64Contents.Count + contents.Fp32Contents.Count + contents.Fp64Contents.Count + contents.BytesContents.Count;

    /// <summary>The elements as the engine takes them; null for types that have no typed contents.</summary>
    private static Elements? Lay(InferTensorContents contents, ElementType type) => type switch
    {
        ElementType.Bool => Elements.Of(contents.BoolContents, value => [value ? (byte)1 : (byte)0]),
        ElementType.Int8 => Elements.Of(contents.IntContents, value => [(byte)value], value => value == (sbyte)value),
        ElementType.Int16 => Elements.Of(contents.IntContents, value => BitConverter.GetBytes((short)value), value => value == (short)value),
        ElementType.Int32 => Elements.Of(contents.IntContents, BitConverter.GetBytes),
        ElementType.Int64 => Elements.Of(contents.Int64Contents, BitConverter.GetBytes),
        ElementType.UInt8 => Elements.Of(contents.UintContents, value => [(byte)value], value => value == (byte)value),
        ElementType.UInt16 => Elements.Of(contents.UintContents, value => BitConverter.GetBytes((ushort)value), value => value == (ushort)value),
        ElementType.UInt32 => Elements.Of(contents.UintContents, BitConverter.GetBytes),
        ElementType.UInt64 => Elements.Of(contents.Uint64Contents, BitConverter.GetBytes),
        ElementType.Float32 => Elements.Of(contents.Fp32Contents, BitConverter.GetBytes),
        ElementType.Float64 => Elements.Of(contents.Fp64Contents, BitConverter.GetBytes),
        ElementType.Bytes => Elements.Of(contents.BytesContents, WithLength),
        _ => null,
    };

    private static byte[] WithLength(ByteString value) => [.. BitConverter.GetBytes((uint)value.Length), .. value.Span];

    private readonly record struct Elements(int Count, bool InRange, byte[] Bytes)
    {
        public static Elements Of<T>(IReadOnlyCollection<T> values, Func<T, byte[]> lay, Func<T, bool>? fits = null) =>
            new(values.Count, fits is null || values.All(fits), [.. values.SelectMany(lay)]);
    }
}
