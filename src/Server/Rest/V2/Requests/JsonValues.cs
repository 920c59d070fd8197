using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>Reads the single values of the request's objects.</summary>
internal static class JsonValues
{
    public static InferenceFailure? ReadString(ref Utf8JsonReader reader, string what, out string? value)
    {
        var isString = JsonText.TryGetString(ref reader, out var text);
        value = text;
        return isString ? null : InferenceFailure.InvalidInput($"{what} must be a string");
    }

    public static InferenceFailure? ReadType(ref Utf8JsonReader reader, string where, out ElementType? type)
    {
        type = null;
        if (!JsonText.TryGetString(ref reader, out var name) || !ElementTypes.TryParse(name, out var parsed))
        {
            return InferenceFailure.InvalidInput(
                $"datatype of {where} is '{name}', expected one of {string.Join(", ", ElementTypes.AllNames)}");
        }

        type = parsed;
        return null;
    }

    public static InferenceFailure? ReadShape(ref Utf8JsonReader reader, string where, out TensorShape? shape)
    {
        shape = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return InferenceFailure.InvalidInput($"shape of {where} must be an array of whole numbers");
        }

        Span<long> dims = stackalloc long[DataNesting.MaxRank];
        var rank = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rank == dims.Length)
            {
                return InferenceFailure.InvalidInput($"shape of {where} has more than {DataNesting.MaxRank} axes");
            }

            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out dims[rank]) || dims[rank] < 0)
            {
                return InferenceFailure.InvalidInput($"shape of {where}: axis {rank} must be a whole number, not negative");
            }

            rank++;
        }

        shape = new TensorShape(dims[..rank].ToArray());
        return null;
    }
}
