using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>
/// Reads a <c>parameters</c> object: each value a string, a number or a boolean, the reserved ones of their type. Those that are
/// not known are ignored.
/// </summary>
internal static class ParametersReader
{
    /// <summary>Keys that begin so are the protocol's own, and none is defined for HTTP.</summary>
    private const string ReservedPrefix = "triton_";

    private const string ExpectedBool = "true or false";
    private const string ExpectedCount = "a whole number, not negative";

    /// <summary>Reads the object that the reader stands on, or null, and leaves it on the last token.</summary>
    /// <param name="reader">Stands on the value.</param>
    /// <param name="where">Whose parameters they are, for error texts.</param>
    /// <param name="parameters">What was found.</param>
    public static InferenceFailure? Read(ref Utf8JsonReader reader, string where, out InferParameters parameters)
    {
        parameters = default;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput($"parameters of {where} must be an object");
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!JsonText.TryGetString(ref reader, out var name))
            {
                return InferenceFailure.InvalidInput($"a parameter of {where} has a name that is not text");
            }

            reader.Read();
            var expected = Set(ref reader, name, ref parameters);
            if (expected is not null)
            {
                return InferenceFailure.InvalidInput($"parameter '{name}' of {where} must be {expected}");
            }

            if (name.StartsWith(ReservedPrefix, StringComparison.Ordinal))
            {
                return InferenceFailure.InvalidInput(
                    $"parameter '{name}' of {where} is reserved: names that begin with '{ReservedPrefix}' cannot be sent over HTTP");
            }
        }

        return null;
    }

    /// <summary>Takes a parameter over. Null, or what it should have been.</summary>
    private static string? Set(ref Utf8JsonReader reader, string name, ref InferParameters parameters)
    {
        switch (name)
        {
            case "binary_data_output":
                parameters.BinaryDataOutput = ReadBool(ref reader);
                return parameters.BinaryDataOutput is null ? ExpectedBool : null;
            case "binary_data":
                parameters.BinaryData = ReadBool(ref reader);
                return parameters.BinaryData is null ? ExpectedBool : null;
            case "timeout":
                parameters.Timeout = ReadCount(ref reader);
                return parameters.Timeout is null ? ExpectedCount : null;
            case "priority":
                parameters.Priority = ReadCount(ref reader);
                return parameters.Priority is null ? ExpectedCount : null;
            case "binary_data_size":
                parameters.BinaryDataSize = ReadCount(ref reader);
                return parameters.BinaryDataSize is null ? ExpectedCount : null;
            case "classification":
                parameters.Classification = ReadCount(ref reader);
                return parameters.Classification is null ? ExpectedCount : null;
            case "shared_memory_offset":
                parameters.RegionOffset = ReadCount(ref reader);
                return parameters.RegionOffset is null ? ExpectedCount : null;
            case "shared_memory_byte_size":
                parameters.RegionByteSize = ReadCount(ref reader);
                return parameters.RegionByteSize is null ? ExpectedCount : null;
            case "shared_memory_region":
                var isText = JsonText.TryGetString(ref reader, out var region);
                parameters.Region = region;
                return isText ? null : "a string";
            case "sequence_start" or "sequence_end":
                return ReadBool(ref reader) is null ? ExpectedBool : null;
            case "sequence_id":
                return reader.TokenType == JsonTokenType.String || ReadCount(ref reader) is not null ? null : ExpectedCount + ", or a string";
            default:
                return Keep(ref reader, name, ref parameters) ? null : "a string, a number or a boolean";
        }
    }

    private static bool? ReadBool(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : null;

    private static ulong? ReadCount(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var value) ? value : null;

    private static bool Keep(ref Utf8JsonReader reader, string name, ref InferParameters parameters)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False))
        {
            return false;
        }

        (parameters.Others ??= [])[name] = JsonElement.ParseValue(ref reader);
        return true;
    }
}
