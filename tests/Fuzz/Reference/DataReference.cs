using System.Text.Json;
using Serving.Runtime.Tensors;

namespace Serving.Fuzz.Reference;

/// <summary>The data of a tensor in JSON: one flat array, or one level of arrays an axis.</summary>
internal static class DataReference
{
    public static Judgement Read(JsonElement data, ElementType type, TensorShape shape, List<byte> bytes)
    {
        if (!shape.TryCountElements(out var count))
        {
            return Judgement.Invalid;
        }

        if (data.ValueKind != JsonValueKind.Array)
        {
            return shape.Rank == 0 ? ElementReference.Append(data, type, bytes) : Judgement.Invalid;
        }

        var isFlat = data.EnumerateArray().All(entry => entry.ValueKind != JsonValueKind.Array);
        return isFlat ? ReadFlat(data, type, count, bytes) : ReadNested(data, type, shape, 0, bytes);
    }

    private static Judgement ReadFlat(JsonElement data, ElementType type, long count, List<byte> bytes)
    {
        var worst = data.GetArrayLength() == count ? Judgement.Valid : Judgement.Invalid;
        foreach (var entry in data.EnumerateArray())
        {
            worst = Worse(worst, ElementReference.Append(entry, type, bytes));
        }

        return worst;
    }

    private static Judgement ReadNested(JsonElement data, ElementType type, TensorShape shape, int axis, List<byte> bytes)
    {
        if (data.ValueKind != JsonValueKind.Array || axis >= shape.Rank || data.GetArrayLength() != shape[axis])
        {
            return Judgement.Invalid;
        }

        var worst = Judgement.Valid;
        foreach (var entry in data.EnumerateArray())
        {
            var isLast = axis == shape.Rank - 1;
            worst = Worse(worst, isLast ? ElementReference.Append(entry, type, bytes) : ReadNested(entry, type, shape, axis + 1, bytes));
        }

        return worst;
    }

    public static Judgement Worse(Judgement one, Judgement other) => one > other ? one : other;
}
