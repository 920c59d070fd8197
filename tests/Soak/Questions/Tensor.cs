using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Serving.Soak.Questions;

/// <summary>A tensor as it goes over the wire: little-endian elements, texts each behind a 32-bit length.</summary>
internal sealed record Tensor(string Name, string Type, long[] Shape, byte[] Data)
{
    public static Tensor Floats(string name, long[] shape, float[] values) => new(name, "FP32", shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    public static Tensor Longs(string name, long[] shape, long[] values) => new(name, "INT64", shape, MemoryMarshal.AsBytes<long>(values).ToArray());

    public static Tensor Texts(string name, long[] shape, IReadOnlyList<string> values)
    {
        using var stream = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var value in values)
        {
            var text = Encoding.UTF8.GetBytes(value);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            stream.Write(length);
            stream.Write(text);
        }

        return new Tensor(name, "BYTES", shape, stream.ToArray());
    }

    public ReadOnlySpan<float> AsFloats() => MemoryMarshal.Cast<byte, float>(Data);

    public ReadOnlySpan<long> AsLongs() => MemoryMarshal.Cast<byte, long>(Data);

    public IReadOnlyList<string> AsTexts()
    {
        var texts = new List<string>();
        for (var at = 0; at < Data.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(Data.AsSpan(at));
            texts.Add(Encoding.UTF8.GetString(Data, at + sizeof(int), length));
            at += sizeof(int) + length;
        }

        return texts;
    }
}
