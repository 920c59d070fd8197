using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Serving.Server.Tests.Descriptions;

/// <summary>Fills messages with whatever their fields take, as far as JSON has numbers for it.</summary>
internal static class RandomMessage
{
    private const int Depth = 4;

    // Protobuf's reader takes numbers in JSON through doubles.
    private const long LargestExact = 1L << 53;

    public static T Make<T>(T message, Random random)
        where T : IMessage
    {
        Fill(message, random, Depth);
        return message;
    }

    private static void Fill(IMessage message, Random random, int depth)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(_ => random.Next(3) == 0))
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                var (key, entry) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
                ((IDictionary)value)[Value(key, random, depth)] = Value(entry, random, depth);
            }
            else if (field.IsRepeated)
            {
                for (var count = random.Next(3); count > 0; count--)
                {
                    ((IList)value).Add(Value(field, random, depth));
                }
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, random, depth));
            }
        }
    }

    private static object Value(FieldDescriptor field, Random random, int depth) => field.FieldType switch
    {
        FieldType.Message => Message(field.MessageType, random, depth),
        FieldType.String => new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => "aé\"\\\n\0€z"[random.Next(8)])]),
        FieldType.Float => random.NextSingle() - 0.5f,
        FieldType.Double => random.NextDouble() * 1e100,
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number),
        FieldType.Int32 => random.Next(int.MinValue, int.MaxValue),
        FieldType.Int64 => random.NextInt64(-LargestExact, LargestExact),
        FieldType.UInt32 => (uint)random.NextInt64(uint.MaxValue + 1L),
        FieldType.UInt64 => (ulong)random.NextInt64(LargestExact),
        _ => throw new NotSupportedException($"{field.FullName} is {field.FieldType}"),
    };

    private static IMessage Message(MessageDescriptor type, Random random, int depth)
    {
        var message = type.Parser.ParseFrom(Array.Empty<byte>());
        if (depth > 0)
        {
            Fill(message, random, depth - 1);
        }

        return message;
    }
}
