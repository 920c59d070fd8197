using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest;
using Serving.Server.Rest.Json;

namespace Serving.Server.Tests.Rest.Json;

/// <summary>Reads and writes single arrays as the REST dialects do.</summary>
internal static class JsonArrays
{
    /// <summary>The elements of a flat array, where all are values of the type.</summary>
    public static byte[] Read(ElementType type, IReadOnlyCollection<string> numbers)
    {
        var json = Encoding.UTF8.GetBytes($"[{string.Join(',', numbers)}]");
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Valid(TensorDataReader.Read(ref reader, json, "x", type, new TensorShape(numbers.Count)));
    }

    /// <summary>Whether a number is a value of the type.</summary>
    public static bool IsAccepted(ElementType type, string number)
    {
        var json = Encoding.UTF8.GetBytes($"[{number}]");
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var isRead = TensorDataReader.Read(ref reader, json, "x", type, new TensorShape(1)).TryGetValue(out var block, out _);
        block?.Dispose();
        return isRead;
    }

    /// <summary>The texts of a tensor's elements.</summary>
    public static string[] Write(ElementType type, ReadOnlySpan<byte> data)
    {
        using var json = new PooledBufferWriter(16);
        while (!data.IsEmpty)
        {
            data = data[TensorDataWriter.WritePiece(json, type, data)..];
            json.Write(data.IsEmpty ? default : ","u8);
        }

        return Encoding.UTF8.GetString(json.WrittenMemory.Span).Split(',');
    }

    private static byte[] Valid(Outcome<PooledBufferWriter> outcome)
    {
        Assert.True(outcome.TryGetValue(out var block, out var failure), failure?.Message);
        using (block)
        {
            return block!.WrittenMemory.ToArray();
        }
    }
}
