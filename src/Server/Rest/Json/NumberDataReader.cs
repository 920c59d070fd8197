using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Server.Rest.Json.Numbers;

namespace Serving.Server.Rest.Json;

/// <summary>Reads tensors of fixed-size elements.</summary>
internal static class NumberDataReader<T, TElement>
    where T : unmanaged
    where TElement : struct, IJsonElement<T>
{
    public static Outcome<PooledBufferWriter> Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, in DataTarget target)
    {
        var bytes = target.MostElements * Unsafe.SizeOf<T>();
        if (bytes > Array.MaxLength)
        {
            return target.TooLarge();
        }

        var block = new PooledBufferWriter((int)bytes);
        var succeeded = false;
        try
        {
            var elements = MemoryMarshal.Cast<byte, T>(block.GetSpan((int)bytes)[..(int)bytes]);
            var run = new NumberRun<T, TElement>(elements);
            var failure = ArrayReader.TryRead(ref reader, json, target, ref run) ? null : Fill(ref reader, target, elements);
            block.Advance((int)bytes);
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

    /// <summary>Reads the scalar that the reader stands on; false where it is no value of this type.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out T value)
    {
        value = default;
        return reader.TokenType == JsonTokenType.Number
            ? JsonNumber.TryRead(reader.ValueSpan, out var number) && TElement.TryRead(number, out value)
            : TElement.TryRead(reader.TokenType, reader.ValueSpan, out value);
    }

    private static InferenceFailure? Fill(ref Utf8JsonReader reader, in DataTarget target, Span<T> elements)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return FillScalar(ref reader, target, elements);
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
                case JsonTokenType.StartObject:
                    return target.WrongElement(ref reader, filled, TElement.Allowed);
                default:
                    if (filled < elements.Length && !TryRead(ref reader, out elements[(int)filled]))
                    {
                        return target.WrongElement(ref reader, filled, TElement.Allowed);
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

    private static InferenceFailure? FillScalar(ref Utf8JsonReader reader, in DataTarget target, Span<T> elements)
    {
        if (target.Shape.Rank != 0 || reader.TokenType == JsonTokenType.StartObject)
        {
            return target.NoArray(ref reader);
        }

        return TryRead(ref reader, out elements[0]) ? null : target.WrongElement(ref reader, 0, TElement.Allowed);
    }
}
