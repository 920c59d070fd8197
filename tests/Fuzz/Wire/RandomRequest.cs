using System.Text;
using Serving.Runtime.Tensors;

namespace Serving.Fuzz.Wire;

/// <summary>
/// Random ModelInferRequests that protobuf allows, however odd: singular fields sent twice, contents in pieces that are to be merged,
/// entries of maps without key or value. Their data fit their shapes.
/// </summary>
internal sealed class RandomRequest(Random random)
{
    private static readonly string[] Keys = ["timeout", "priority", "sequence_id", "triton_enable_empty_final_response", "mine", "ключ", ""];

    private readonly RandomWire _wire = new(random);

    public byte[] Next()
    {
        var raw = random.Next(2) == 0;
        var inputs = random.Next(4);
        List<byte[]> fields = [.. _wire.TextFields(1, Text), .. _wire.TextFields(2, Text), .. _wire.TextFields(3, Text)];
        fields.AddRange(Some(4, () => _wire.BytesField(4, Parameter())));
        fields.AddRange(Times(inputs, () => _wire.BytesField(5, Input(raw))));
        fields.AddRange(Some(3, () => _wire.BytesField(6, Output())));
        fields.AddRange(Times(raw ? inputs : 0, () => _wire.BytesField(7, _wire.Bytes(random.Next(40)))));
        return _wire.Message(fields, 1, 2, 3, 4, 5, 6, 7);
    }

    private byte[] Output() => _wire.Message([.. _wire.TextFields(1, Text), .. Some(2, () => _wire.BytesField(2, Parameter()))], 1, 2);

    private byte[] Input(bool raw)
    {
        var type = (ElementType)random.Next(ElementTypes.AllNames.Count);
        type = !raw && type is ElementType.Float16 or ElementType.BFloat16 ? ElementType.Float32 : type;
        var count = random.Next(6);
        var shape = raw ? Times(count, () => _wire.Number((ulong)random.NextInt64(-3, 300))) : [_wire.Number((ulong)count)];
        List<byte[]> fields = [.. _wire.TextFields(1, Text), _wire.BytesField(2, Encoding.UTF8.GetBytes(type.Name()))];
        fields.AddRange(_wire.Run(3, shape, axis => _wire.Tagged(3, axis)));
        fields.AddRange(Some(2, () => _wire.BytesField(4, Parameter())));
        fields.AddRange(raw ? [] : Contents(type, count).Select(piece => _wire.BytesField(5, piece)));
        return _wire.Message(fields, 1, 2, 4, 5);
    }

    /// <summary>The contents in one message or several.</summary>
    private IEnumerable<byte[]> Contents(ElementType type, int count)
    {
        List<List<byte[]>> pieces = [];
        foreach (var run in Elements(type, count))
        {
            if (pieces.Count == 0 || random.Next(3) == 0)
            {
                pieces.Add([]);
            }

            pieces[^1].Add(run);
        }

        return pieces.Select(piece => _wire.Message(piece, 8));
    }

    private IEnumerable<byte[]> Elements(ElementType type, int count) => type switch
    {
        ElementType.Bool => Numbers(1, count, 0, 2),
        ElementType.Int8 => Numbers(2, count, sbyte.MinValue, sbyte.MaxValue + 1),
        ElementType.Int16 => Numbers(2, count, short.MinValue, short.MaxValue + 1),
        ElementType.Int32 => Numbers(2, count, int.MinValue, int.MaxValue + 1L),
        ElementType.Int64 => Numbers(3, count, long.MinValue, long.MaxValue),
        ElementType.UInt8 => Numbers(4, count, 0, byte.MaxValue + 1),
        ElementType.UInt16 => Numbers(4, count, 0, ushort.MaxValue + 1),
        ElementType.UInt32 => Numbers(4, count, 0, uint.MaxValue + 1L),
        ElementType.UInt64 => Numbers(5, count, long.MinValue, long.MaxValue),
        ElementType.Float32 => _wire.Run(6, Times(count, () => _wire.Bytes(4)), value => _wire.FixedField(6, value)),
        ElementType.Float64 => _wire.Run(7, Times(count, () => _wire.Bytes(8)), value => _wire.FixedField(7, value)),
        _ => Times(count, () => _wire.BytesField(8, _wire.Bytes(random.Next(6)))),
    };

    private IEnumerable<byte[]> Numbers(int field, int count, long from, long before) =>
        _wire.Run(field, Times(count, () => _wire.Number((ulong)random.NextInt64(from, before))), number => _wire.Tagged(field, number));

    /// <summary>An entry of a map: its key and its value, either of them missing or given twice.</summary>
    private byte[] Parameter()
    {
        List<byte[]> fields = [];
        for (var i = Once(); i > 0; i--)
        {
            fields.Add(_wire.BytesField(1, Encoding.UTF8.GetBytes(Keys[random.Next(Keys.Length)])));
        }

        for (var i = Once(); i > 0; i--)
        {
            fields.Add(_wire.BytesField(2, _wire.Message(Times(Once(), ParameterValue), 3)));
        }

        return _wire.Message(fields, 1, 2);
    }

    private byte[] ParameterValue() => random.Next(5) switch
    {
        0 => _wire.NumberField(1, (ulong)random.Next(3)),
        1 => _wire.NumberField(2, (ulong)random.NextInt64(-5, 100)),
        2 => _wire.BytesField(3, Encoding.UTF8.GetBytes(random.Next(2) == 0 ? "250" : "soon")),
        3 => _wire.FixedField(4, _wire.Bytes(8)),
        _ => _wire.NumberField(5, (ulong)random.Next(1000)),
    };

    private string Text() => random.Next(4) switch
    {
        0 => "",
        1 => "naïve-模型-🙂",
        _ => "name" + random.Next(1000),
    };

    /// <summary>Mostly 1, at times 0 or 2.</summary>
    private int Once() => random.Next(6) switch { 0 => 0, 1 => 2, _ => 1 };

    private IEnumerable<byte[]> Some(int before, Func<byte[]> make) => Times(random.Next(before), make);

    private static IEnumerable<byte[]> Times(int count, Func<byte[]> make)
    {
        for (var i = 0; i < count; i++)
        {
            yield return make();
        }
    }
}
