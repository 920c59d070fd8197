using System.Buffers.Binary;
using System.Text.Json;
using Serving.Runtime.Inference;

namespace Serving.Server.Rest.Json;

/// <summary>Reads tensors of byte strings: each JSON string becomes its length and its UTF-8.</summary>
internal static class BytesDataReader
{
    private const string Allowed = "a string; bytes that are no text can only be sent as binary data";
    private const int LengthBytes = sizeof(uint);

    /// <summary>Where the first block of memory starts out; it grows with what is read.</summary>
    private const int FirstBlockPerElement = 16;

    public static Outcome<PooledBufferWriter> Read(ref Utf8JsonReader reader, in DataTarget target)
    {
        var block = new PooledBufferWriter((int)Math.Min(Math.Min(target.MostElements, target.Remaining) * FirstBlockPerElement, 64 * 1024));
        var succeeded = false;
        try
        {
            var failure = Fill(ref reader, target, block);
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

    private static InferenceFailure? Fill(ref Utf8JsonReader reader, in DataTarget target, PooledBufferWriter block)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return target.Shape.Rank != 0 || reader.TokenType == JsonTokenType.StartObject ? target.NoArray(ref reader)
                : TryWrite(ref reader, block) ? null
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
                    if (!TryWrite(ref reader, block))
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

    private static bool TryWrite(ref Utf8JsonReader reader, PooledBufferWriter block)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        var target = block.GetSpan(LengthBytes + reader.ValueSpan.Length);
        if (!JsonText.TryCopy(ref reader, target[LengthBytes..], out var written))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)written);
        block.Advance(LengthBytes + written);
        return true;
    }
}
