using System.Text.Json;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Json;

/// <summary>Reads tensors of byte strings: each JSON string becomes its length and its UTF-8.</summary>
internal static class BytesDataReader
{
    private const string Allowed = "a string; bytes that are no text can only be sent as binary data";

    /// <summary>Where the first block of memory starts out; it grows with what is read.</summary>
    private const int FirstBlockPerElement = 16;

    public static Outcome<PooledBufferWriter> Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, in DataTarget target)
    {
        var block = new PooledBufferWriter((int)Math.Min(Math.Min(target.MostElements, target.Remaining) * FirstBlockPerElement, 64 * 1024));
        var succeeded = false;
        try
        {
            var run = new BytesRun(block);
            var failure = ArrayReader.TryRead(ref reader, json, target, ref run) ? null : FillAgain(ref reader, target, block);
            succeeded = failure is null;
            return succeeded ? block : failure!;
        }
        finally
        {
            if (!succeeded)
            {
                block.Dispose();
            }
        }
    }

    private static InferenceFailure? FillAgain(ref Utf8JsonReader reader, in DataTarget target, PooledBufferWriter block)
    {
        block.Clear();
        return Fill(ref reader, target, block);
    }

    private static InferenceFailure? Fill(ref Utf8JsonReader reader, in DataTarget target, PooledBufferWriter block)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return target.Shape.Rank != 0 || reader.TokenType == JsonTokenType.StartObject ? target.NoArray(ref reader)
                : BytesElements.TryAdd(block, ref reader) ? null
                : target.WrongElement(ref reader, 0, Allowed);
        }

        var nesting = new DataNesting(target.Shape, stackalloc long[DataNesting.MaxRank]);
        var problem = nesting.Open();
        var filled = 0L;
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
                    if (!BytesElements.TryAdd(block, ref reader))
                    {
                        return target.WrongElement(ref reader, filled, Allowed);
                    }

                    filled++;
                    problem = nesting.Elements(1);
                    break;
            }
        }

        return problem is not null ? target.WrongNesting(problem)
            : filled != target.Count ? target.WrongCount(filled)
            : null;
    }
}
