using System.Runtime.InteropServices;
using System.Text.Json;
using Serving.Runtime.Tensors;
using Serving.Server.Rest;
using Serving.Server.Rest.Json;

namespace Serving.Server.Tests.Rest.Json;

/// <summary>Every value of the 16-bit types survives the way to JSON and back.</summary>
public sealed class HalfPrecisionTests
{
    [Theory]
    [InlineData(ElementType.Float16, 0x7C00)]
    [InlineData(ElementType.BFloat16, 0x7F80)]
    public void AllValues_WrittenAndRead_AreTheSame(ElementType type, int infinity)
    {
        // All NaNs are one in JSON, so only the others can be the same bits.
        ushort[] values = [.. Enumerable.Range(0, 65536).Where(bits => (bits & 0x7FFF) <= infinity).Select(bits => (ushort)bits)];
        var data = MemoryMarshal.AsBytes<ushort>(values).ToArray();
        using var json = new PooledBufferWriter(16);
        json.Write("["u8);
        for (var rest = data.AsSpan(); !rest.IsEmpty;)
        {
            rest = rest[TensorDataWriter.WritePiece(json, type, rest)..];
            json.Write(rest.IsEmpty ? "]"u8 : ","u8);
        }

        var reader = new Utf8JsonReader(json.WrittenMemory.Span);
        reader.Read();
        var outcome = TensorDataReader.Read(ref reader, "x", type, new TensorShape(values.Length), json.Length);
        Assert.True(outcome.TryGetValue(out var block, out var failure), failure?.Message);
        using (block)
        {
            Assert.Equal(data, block!.WrittenMemory.ToArray());
        }
    }
}
