using System.Buffers.Binary;
using System.Text;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Grpc.Infer;

/// <summary>
/// Writes random ModelInferRequests as a peculiar but legal encoder would: fields in any order, singular fields sent twice, runs packed
/// or not and in pieces, contents in pieces, unknown fields and groups between, numbers with superfluous bytes.
/// </summary>
internal sealed class WireFuzz(Random random)
{
    private static readonly string[] Keys = ["timeout", "priority", "sequence_id", "triton_enable_empty_final_response", "mine", "ключ", ""];

    public byte[] Request()
    {
        var raw = random.Next(2) == 0;
        var inputs = random.Next(4);
        var fields = new List<byte[]>();
        AddText(fields, 1);
        AddText(fields, 2);
        AddText(fields, 3);
        for (var i = random.Next(4); i > 0; i--)
        {
            fields.Add(Bytes(4, Parameter()));
        }

        for (var i = 0; i < inputs; i++)
        {
            fields.Add(Bytes(5, Input(contents: !raw)));
        }

        for (var i = random.Next(3); i > 0; i--)
        {
            fields.Add(Bytes(6, Message([Bytes(1, Text()), Bytes(2, Parameter())])));
        }

        for (var i = 0; raw && i < inputs; i++)
        {
            fields.Add(Bytes(7, RandomBytes(random.Next(40))));
        }

        return Message(fields);
    }

    private byte[] Input(bool contents)
    {
        var type = (ElementType)random.Next(ElementTypes.AllNames.Count);
        type = contents && type is ElementType.Float16 or ElementType.BFloat16 ? ElementType.Float32 : type;
        var fields = new List<byte[]>();
        AddText(fields, 1);
        var count = random.Next(contents ? 1 : 0, 6);
        fields.Add(Bytes(2, Encoding.UTF8.GetBytes(type.Name())));
        if (!contents)
        {
            fields.AddRange(Run(3, Enumerable.Range(0, count).Select(_ => Varint((ulong)random.NextInt64(-3, 300))), packable: true, wireType: 0));
        }
        else
        {
            fields.AddRange(Run(3, [Varint((ulong)count)], packable: true, wireType: 0));
            fields.AddRange(Contents(type, count).Select(piece => Bytes(5, piece)));
        }

        if (random.Next(3) == 0)
        {
            fields.Add(Bytes(4, Parameter()));
        }

        return Message(fields, keepOrder: true);
    }

    /// <summary>The contents in one message or several, which parsers merge.</summary>
    private IEnumerable<byte[]> Contents(ElementType type, int count)
    {
        var pieces = new List<byte[]>();
        foreach (var run in Run(ContentsField(type), Enumerable.Range(0, count).Select(_ => Element(type)), type != ElementType.Bytes, ElementWireType(type)))
        {
            if (pieces.Count == 0 || random.Next(3) == 0)
            {
                pieces.Add([]);
            }

            pieces[^1] = [.. pieces[^1], .. Noise(), .. run, .. Noise()];
        }

        return pieces;
    }

    private byte[] Element(ElementType type) => type switch
    {
        ElementType.Bool => Varint((ulong)random.Next(2)),
        ElementType.Int8 => Varint((ulong)random.NextInt64(-128, 128)),
        ElementType.Int16 => Varint((ulong)random.NextInt64(short.MinValue, short.MaxValue + 1)),
        ElementType.Int32 => Varint((ulong)random.NextInt64(int.MinValue, int.MaxValue + 1L)),
        ElementType.UInt8 => Varint((ulong)random.Next(256)),
        ElementType.UInt16 => Varint((ulong)random.Next(65536)),
        ElementType.UInt32 => Varint((ulong)random.NextInt64(uint.MaxValue + 1L)),
        ElementType.Float32 => RandomBytes(4),
        ElementType.Float64 => RandomBytes(8),
        ElementType.Bytes => RandomBytes(random.Next(6)),
        _ => Varint(BinaryPrimitives.ReadUInt64LittleEndian(RandomBytes(8))),
    };

    private static int ContentsField(ElementType type) => type switch
    {
        ElementType.Bool => 1,
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 => 2,
        ElementType.Int64 => 3,
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 => 4,
        ElementType.UInt64 => 5,
        ElementType.Float32 => 6,
        ElementType.Float64 => 7,
        _ => 8,
    };

    private static int ElementWireType(ElementType type) => type switch
    {
        ElementType.Float32 => 5,
        ElementType.Float64 => 1,
        ElementType.Bytes => 2,
        _ => 0,
    };

    private IEnumerable<byte[]> Run(int field, IEnumerable<byte[]> elements, bool packable, int wireType)
    {
        var fields = new List<byte[]>();
        var packed = new List<byte>();
        foreach (var element in elements)
        {
            if (packable && random.Next(2) == 0)
            {
                packed.AddRange(element);
                continue;
            }

            Flush();
            fields.Add(wireType == 2 ? Bytes(field, element) : [.. Tag(field, wireType), .. element]);
        }

        Flush();
        return fields;

        void Flush()
        {
            if (packed.Count > 0 || (packable && random.Next(8) == 0))
            {
                fields.Add(Bytes(field, [.. packed]));
                packed.Clear();
            }
        }
    }

    private byte[] Parameter()
    {
        var fields = new List<byte[]> { Bytes(1, Encoding.UTF8.GetBytes(Keys[random.Next(Keys.Length)])) };
        for (var i = random.Next(3); i > 0; i--)
        {
            fields.Add(Bytes(2, Message([ParameterValue()])));
        }

        return Message(fields);
    }

    private byte[] ParameterValue() => random.Next(5) switch
    {
        0 => [.. Tag(1, 0), .. Varint((ulong)random.Next(3))],
        1 => [.. Tag(2, 0), .. Varint((ulong)random.NextInt64(-5, 100))],
        2 => Bytes(3, Encoding.UTF8.GetBytes(random.Next(2) == 0 ? "250" : "soon")),
        3 => [.. Tag(4, 1), .. RandomBytes(8)],
        _ => [.. Tag(5, 0), .. Varint((ulong)random.Next(1000))],
    };

    /// <summary>Joins fields in random order with unknown ones between. Repeated fields keep their order only where that is asked for.</summary>
    private byte[] Message(List<byte[]> fields, bool keepOrder = false)
    {
        var order = fields.ToArray();
        if (!keepOrder)
        {
            random.Shuffle(order);
        }

        var bytes = new List<byte>();
        foreach (var field in order)
        {
            bytes.AddRange(Noise());
            bytes.AddRange(field);
        }

        bytes.AddRange(Noise());
        return [.. bytes];
    }

    private byte[] Noise()
    {
        var field = random.Next(9, 40_000);
        return random.Next(24) switch
        {
            0 => [.. Tag(field, 0), .. Varint((ulong)random.NextInt64())],
            1 => [.. Tag(field, 1), .. RandomBytes(8)],
            2 => Bytes(field, RandomBytes(random.Next(10))),
            3 => [.. Tag(field, 5), .. RandomBytes(4)],
            4 => [.. Tag(field, 3), .. Noise(), .. Tag(field, 4)],
            _ => [],
        };
    }

    private void AddText(List<byte[]> fields, int field)
    {
        for (var i = random.Next(3); i > 0; i--)
        {
            fields.Add(Bytes(field, Text()));
        }
    }

    private byte[] Text() => Encoding.UTF8.GetBytes(random.Next(4) switch
    {
        0 => "",
        1 => "naïve-模型-🙂",
        _ => "name" + random.Next(1000),
    });

    private byte[] Bytes(int field, byte[] value) => [.. Tag(field, 2), .. Varint((ulong)value.Length), .. value];

    private byte[] Tag(int field, int wireType) => Varint(((ulong)field << 3) | (uint)wireType, spare: false);

    private byte[] Varint(ulong value, bool spare = true)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }
        while (value != 0);
        while (spare && bytes.Count < 10 && random.Next(16) == 0)
        {
            bytes.Add(0x80);
        }

        bytes[^1] &= 0x7F;
        return [.. bytes];
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
