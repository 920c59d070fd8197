using System.Text;

namespace Serving.Fuzz.Wire;

/// <summary>
/// Writes protobuf's wire format as a peculiar but legal encoder would: numbers with superfluous bytes, fields in any order,
/// repeated ones packed or not and in pieces, unknown ones and groups between.
/// </summary>
internal sealed class RandomWire(Random random)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Length = 2;
    private const int StartGroup = 3;
    private const int EndGroup = 4;
    private const int Fixed32 = 5;

    /// <summary>The largest number that a field can have.</summary>
    private const int LastField = (1 << 29) - 1;

    private const int LongestTag = 5;
    private const int LongestNumber = 10;

    public byte[] Number(ulong value) => Number(value, LongestNumber);

    /// <summary>A field with a number of variable size.</summary>
    public byte[] NumberField(int field, ulong value) => [.. Tag(field, Varint), .. Number(value)];

    /// <summary>A field of 4 or 8 bytes.</summary>
    public byte[] FixedField(int field, byte[] value) => [.. Tag(field, value.Length == 4 ? Fixed32 : Fixed64), .. value];

    /// <summary>A field with bytes, a text or a message.</summary>
    public byte[] BytesField(int field, byte[] value) => [.. Tag(field, Length), .. Number((ulong)value.Length), .. value];

    /// <summary>A singular text: not at all, once or twice.</summary>
    public IEnumerable<byte[]> TextFields(int field, Func<string> text)
    {
        for (var i = random.Next(3); i > 0; i--)
        {
            yield return BytesField(field, Encoding.UTF8.GetBytes(text()));
        }
    }

    /// <summary>A repeated field of numbers, each alone or in a packed run.</summary>
    public IEnumerable<byte[]> Run(int field, IEnumerable<byte[]> elements, Func<byte[], byte[]> alone)
    {
        List<byte> packed = [];
        foreach (var element in elements)
        {
            if (random.Next(2) == 0)
            {
                packed.AddRange(element);
                continue;
            }

            if (packed.Count > 0 || random.Next(8) == 0)
            {
                yield return BytesField(field, [.. packed]);
                packed.Clear();
            }

            yield return alone(element);
        }

        if (packed.Count > 0 || random.Next(8) == 0)
        {
            yield return BytesField(field, [.. packed]);
        }
    }

    /// <summary>Puts a number that was written with <see cref="Number(ulong)"/> behind its tag.</summary>
    public byte[] Tagged(int field, byte[] number) => [.. Tag(field, Varint), .. number];

    /// <summary>Joins fields in random order, with unknown ones between.</summary>
    /// <param name="fields">The fields, each with its tag.</param>
    /// <param name="texts">Fields that are texts or messages: with another layout they count as unknown.</param>
    public byte[] Message(IEnumerable<byte[]> fields, params int[] texts)
    {
        var order = fields.ToArray();
        random.Shuffle(order);
        List<byte> bytes = [];
        foreach (var field in order)
        {
            bytes.AddRange(Unknown(texts));
            bytes.AddRange(field);
        }

        bytes.AddRange(Unknown(texts));
        return [.. bytes];
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Unknown(int[] texts)
    {
        var field = random.Next(8) == 0 ? LastField : random.Next(9, 40_000);
        var disguised = texts.Length > 0 ? texts[random.Next(texts.Length)] : field;
        return random.Next(40) switch
        {
            0 => NumberField(field, (ulong)random.NextInt64()),
            1 => FixedField(field, Bytes(8)),
            2 => BytesField(field, Bytes(random.Next(10))),
            3 => FixedField(field, Bytes(4)),
            4 => [.. Tag(field, StartGroup), .. Unknown([]), .. Unknown([]), .. Tag(field, EndGroup)],
            5 => NumberField(disguised, 7),
            6 => FixedField(disguised, Bytes(4)),
            7 => [.. Tag(disguised, StartGroup), .. Unknown([]), .. Tag(disguised, EndGroup)],
            _ => [],
        };
    }

    private byte[] Tag(int field, int type) => Number(((ulong)field << 3) | (uint)type, LongestTag);

    private byte[] Number(ulong value, int longest)
    {
        Span<byte> bytes = stackalloc byte[LongestNumber];
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        while (length < longest && random.Next(24) == 0)
        {
            bytes[length - 1] |= 0x80;
            bytes[length++] = 0;
        }

        return bytes[..length].ToArray();
    }
}
