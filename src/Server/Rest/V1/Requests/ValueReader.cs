using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Appends one value, a number, a string or a nested list of them, to a block.</summary>
internal static class ValueReader
{
    /// <summary>Appends the value that the reader stands on and leaves it on the value's last token. Null, or what is wrong.</summary>
    /// <param name="reader">Stands on the value's first token.</param>
    /// <param name="json">All that the reader reads.</param>
    /// <param name="signature">The input that the value is for.</param>
    /// <param name="shape">The value's shape.</param>
    /// <param name="block">Where its elements go.</param>
    public static InferenceFailure? Append(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TensorSignature signature, TensorShape shape, PooledBufferWriter block)
    {
        if (signature.Type == ElementType.Bytes)
        {
            return BytesReader.Append(ref reader, signature.Name, shape, block);
        }

        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return ScalarReader.Append(ref reader, signature.Type, block) is { } allowed ? Wrong(ref reader, signature, allowed) : null;
        }

        if (!TensorDataReader.Read(ref reader, json, signature.Name, signature.Type, shape).TryGetValue(out var elements, out var failure))
        {
            return failure;
        }

        using (elements)
        {
            block.Write(elements.WrittenMemory.Span);
            return null;
        }
    }

    private static InferenceFailure Wrong(ref Utf8JsonReader reader, TensorSignature signature, string allowed)
    {
        const int LongestShown = 40;
        var value = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, LongestShown)]);
        return InferenceFailure.InvalidInput($"input '{signature.Name}': {value} is not a {signature.Type.Name()}, expected {allowed}");
    }
}
