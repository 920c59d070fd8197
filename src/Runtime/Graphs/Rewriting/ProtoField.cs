using System.Text;

namespace Serving.Runtime.Graphs.Rewriting;

/// <summary>A field of a protobuf message that is whole in memory.</summary>
/// <param name="Number">Its number.</param>
/// <param name="WireType">How it is written.</param>
/// <param name="Value">A varint's value; 0 for every other wire type.</param>
/// <param name="Content">What it holds, without tag and length.</param>
/// <param name="Whole">All of it, as it is written.</param>
internal readonly record struct ProtoField(int Number, int WireType, ulong Value, ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Whole)
{
    public string Text => Encoding.UTF8.GetString(Content.Span);

    /// <summary>The fields of a message.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static IEnumerable<ProtoField> Read(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var start = at;
            var tag = Varint(message.Span, ref at);
            var value = 0UL;
            var from = at;
            switch (tag & 7)
            {
                case 0:
                    value = Varint(message.Span, ref at);
                    break;
                case 1:
                    at = Ahead(message, at, sizeof(ulong));
                    break;
                case 2:
                    var length = Varint(message.Span, ref at);
                    from = at;
                    at = Ahead(message, at, length);
                    break;
                case 5:
                    at = Ahead(message, at, sizeof(uint));
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7} at byte {start}");
            }

            yield return new ProtoField((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7), value, message[from..at], message[start..at]);
        }
    }

    /// <summary>The numbers of a packed field.</summary>
    public static List<long> ReadVarints(ReadOnlySpan<byte> content)
    {
        var numbers = new List<long>();
        for (var at = 0; at < content.Length;)
        {
            numbers.Add((long)Varint(content, ref at));
        }

        return numbers;
    }

    private static int Ahead(ReadOnlyMemory<byte> message, int at, ulong count) => count <= (ulong)(message.Length - at)
        ? at + (int)count
        : throw new InvalidDataException($"{count} bytes are announced at byte {at}, {message.Length - at} are left");

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"a number that ends at byte {at} has no end");
    }
}
