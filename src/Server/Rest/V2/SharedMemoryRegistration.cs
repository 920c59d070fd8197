using System.Text.Json;
using System.Text.Unicode;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Json;
using Serving.Server.Rest.V2.Requests;

namespace Serving.Server.Rest.V2;

/// <summary>The body of a call that registers a region of system shared memory.</summary>
/// <param name="Key">The object's key.</param>
/// <param name="Offset">The region's first byte in it; 0 where the body does not say.</param>
/// <param name="ByteSize">The region's size.</param>
internal sealed record SharedMemoryRegistration(string Key, ulong Offset, ulong ByteSize)
{
    public static Outcome<SharedMemoryRegistration> Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return Utf8.IsValid(body) ? ReadObject(body) : InferenceFailure.InvalidInput("the request's JSON is not valid UTF-8");
        }
        catch (JsonException exception)
        {
            return InferenceFailure.InvalidInput($"the request is not valid JSON: {exception.Message}");
        }
    }

    private static Outcome<SharedMemoryRegistration> ReadObject(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonText.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return InferenceFailure.InvalidInput("the request must be a JSON object");
        }

        string? key = null;
        ulong? offset = null;
        ulong? byteSize = null;
        InferenceFailure? failure = null;
        while (failure is null && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            JsonText.TryGetString(ref reader, out var name);
            reader.Read();
            failure = name switch
            {
                "key" => JsonValues.ReadString(ref reader, "key", out key),
                "offset" => ReadCount(ref reader, name, out offset),
                "byte_size" => ReadCount(ref reader, name, out byteSize),
                _ => Skip(ref reader),
            };
        }

        return failure ?? Complete(ref reader, key, offset, byteSize);
    }

    private static Outcome<SharedMemoryRegistration> Complete(ref Utf8JsonReader reader, string? key, ulong? offset, ulong? byteSize)
    {
        // Throws where something follows the object.
        reader.Read();
        var missing = key is null ? "key" : byteSize is null ? "byte_size" : null;
        return missing is not null
            ? InferenceFailure.InvalidInput($"Shared memory register request has no '{missing}' field")
            : new SharedMemoryRegistration(key!, offset ?? 0, byteSize!.Value);
    }

    private static InferenceFailure? ReadCount(ref Utf8JsonReader reader, string name, out ulong? count)
    {
        count = reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out var value) ? value : null;
        return count is null ? InferenceFailure.InvalidInput($"{name} must be a whole number, not negative") : null;
    }

    private static InferenceFailure? Skip(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return null;
    }
}
