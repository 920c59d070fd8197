using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V1.Requests;

/// <summary>Reads nested byte strings, of which any may be base64 in an object.</summary>
internal static class BytesReader
{
    /// <summary>Appends the value that the reader stands on and leaves it on the value's last token. Null, or what is wrong.</summary>
    public static InferenceFailure? Append(ref Utf8JsonReader reader, string input, TensorShape shape, PooledBufferWriter block)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return BinaryValue.Append(ref reader, block) is { } wrong ? Wrong(input, wrong) : null;
        }

        var nesting = new DataNesting(shape, stackalloc long[DataNesting.MaxRank]);
        var problem = nesting.Open();
        var index = 0L;
        while (problem is null && !nesting.IsClosed && reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    problem = nesting.Open();
                    break;
                case JsonTokenType.EndArray:
                    problem = nesting.Close();
                    break;
                default:
                    if (BinaryValue.Append(ref reader, block) is { } wrong)
                    {
                        return Wrong(input, $"element {index}: {wrong}");
                    }

                    index++;
                    problem = nesting.Elements(1);
                    break;
            }
        }

        return problem is null ? null : Wrong(input, $"data {problem}");
    }

    private static InferenceFailure Wrong(string input, string problem) => InferenceFailure.InvalidInput($"input '{input}' {problem}");
}
