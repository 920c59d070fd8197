using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Tensors;
using Serving.Server.Rest;
using Serving.Server.Rest.Json;

namespace Serving.Benchmarks.Measures;

/// <summary>Numbers as a JSON array, read and written by the server's code and by System.Text.Json.</summary>
internal sealed class JsonArray
{
    private readonly byte[] _json;
    private readonly byte[] _data;
    private readonly ElementType _type;
    private readonly TensorShape _shape;
    private readonly ArrayBufferWriter<byte> _written = new();

    private JsonArray(string[] numbers, ElementType type, byte[] data)
    {
        _json = Encoding.UTF8.GetBytes($"[{string.Join(", ", numbers)}]");
        _data = data;
        _type = type;
        _shape = new TensorShape(numbers.Length);
    }

    public static JsonArray OfFloats(float[] values, bool asDoubles = false) => new(
        [.. values.Select(value => asDoubles ? ((double)value).ToString(CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture))],
        ElementType.Float32,
        MemoryMarshal.AsBytes<float>(values).ToArray());

    public static JsonArray OfIds(long[] values) => new(
        [.. values.Select(value => value.ToString(CultureInfo.InvariantCulture))], ElementType.Int64, MemoryMarshal.AsBytes<long>(values).ToArray());

    /// <summary>As the server does, the tensor's memory included.</summary>
    public void Read()
    {
        var reader = new Utf8JsonReader(_json, JsonText.ReaderOptions);
        reader.Read();
        if (!TensorDataReader.Read(ref reader, _json, "x", _type, _shape).TryGetValue(out var block, out var failure))
        {
            throw new InvalidOperationException(failure.Message);
        }

        using (block)
        {
            Check(block.WrittenMemory.Span);
        }
    }

    /// <summary>A token for each number, into memory that is there already.</summary>
    public void ReadTokens(Span<byte> target)
    {
        var reader = new Utf8JsonReader(_json, JsonText.ReaderOptions);
        reader.Read();
        var floats = MemoryMarshal.Cast<byte, float>(target);
        var ids = MemoryMarshal.Cast<byte, long>(target);
        for (var i = 0; reader.Read() && reader.TokenType == JsonTokenType.Number; i++)
        {
            if (_type == ElementType.Float32)
            {
                floats[i] = reader.GetSingle();
            }
            else
            {
                ids[i] = reader.GetInt64();
            }
        }

        Check(target[.._data.Length]);
    }

    public void Write()
    {
        using var json = new PooledBufferWriter(1024);
        for (ReadOnlySpan<byte> rest = _data; !rest.IsEmpty;)
        {
            rest = rest[TensorDataWriter.WritePiece(json, _type, rest)..];
            json.Write(","u8);
        }
    }

    public void WriteTokens()
    {
        _written.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_written, JsonText.WriterOptions);
        writer.WriteStartArray();
        foreach (var value in MemoryMarshal.Cast<byte, float>(_data))
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    private void Check(ReadOnlySpan<byte> read)
    {
        if (!read.SequenceEqual(_data))
        {
            throw new InvalidOperationException("the numbers are not those that were written");
        }
    }
}
