using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Rest.V2.Requests;

/// <summary>A random tensor, its bytes and its elements as JSON, formed without the code under test.</summary>
internal sealed record SampleTensor(ElementType Type, long[] Shape, byte[] Bytes, string[] Elements)
{
    public string Flat => $"[{string.Join(",", Elements)}]";

    public string Nested
    {
        get
        {
            var position = 0;
            return Shape.Length == 0 ? Elements[0] : Nest(0, ref position);
        }
    }

    public string ShapeText => $"[{string.Join(",", Shape)}]";

    public static SampleTensor Create(ElementType type, Random random, params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, dim) => product * dim);
        var elements = Enumerable.Range(0, (int)count).Select(_ => Element(type, random)).ToArray();
        return new SampleTensor(type, shape, [.. elements.SelectMany(e => e.Bytes)], [.. elements.Select(e => e.Text)]);
    }

    private string Nest(int axis, ref int position)
    {
        var parts = new List<string>();
        for (var i = 0; i < Shape[axis]; i++)
        {
            parts.Add(axis == Shape.Length - 1 ? Elements[position++] : Nest(axis + 1, ref position));
        }

        return $"[{string.Join(" , ", parts)}]";
    }

    private static (byte[] Bytes, string Text) Element(ElementType type, Random random)
    {
        var bytes = new byte[8];
        random.NextBytes(bytes);
        if (type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64)
        {
            return Float(type, (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 5)));
        }

        return type switch
        {
            ElementType.Bool => ([(byte)(bytes[0] & 1)], (bytes[0] & 1) == 1 ? "true" : "false"),
            ElementType.UInt8 => (bytes[..1], Text(bytes[0])),
            ElementType.UInt16 => (bytes[..2], Text(BinaryPrimitives.ReadUInt16LittleEndian(bytes))),
            ElementType.UInt32 => (bytes[..4], Text(BinaryPrimitives.ReadUInt32LittleEndian(bytes))),
            ElementType.UInt64 => (bytes, Text(BinaryPrimitives.ReadUInt64LittleEndian(bytes))),
            ElementType.Int8 => (bytes[..1], Text((sbyte)bytes[0])),
            ElementType.Int16 => (bytes[..2], Text(BinaryPrimitives.ReadInt16LittleEndian(bytes))),
            ElementType.Int32 => (bytes[..4], Text(BinaryPrimitives.ReadInt32LittleEndian(bytes))),
            ElementType.Int64 => (bytes, Text(BinaryPrimitives.ReadInt64LittleEndian(bytes))),
            _ => String(random),
        };
    }

    private static (byte[] Bytes, string Text) Float(ElementType type, double value)
    {
        var (half, single) = ((Half)value, (float)value);
        var upper = BitConverter.SingleToUInt32Bits(single) >> 16;
        return type switch
        {
            ElementType.Float16 => (BitConverter.GetBytes(half), ((double)half).ToString("R", CultureInfo.InvariantCulture)),
            ElementType.BFloat16 => (
                BitConverter.GetBytes((ushort)upper), BitConverter.UInt32BitsToSingle(upper << 16).ToString("R", CultureInfo.InvariantCulture)),
            ElementType.Float32 => (BitConverter.GetBytes(single), single.ToString("R", CultureInfo.InvariantCulture)),
            _ => (BitConverter.GetBytes(value), value.ToString("R", CultureInfo.InvariantCulture)),
        };
    }

    private static (byte[] Bytes, string Text) String(Random random)
    {
        const string Characters = "aZ09 \"\\/\t\nüß漢字\0<>&'";
        var text = string.Concat(Enumerable.Range(0, random.Next(0, 12)).Select(_ => Characters[random.Next(Characters.Length)]));
        text += random.Next(3) == 0 ? "\U0001F600" : "";
        var utf8 = Encoding.UTF8.GetBytes(text);
        return ([.. BitConverter.GetBytes((uint)utf8.Length), .. utf8], JsonSerializer.Serialize(text));
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
