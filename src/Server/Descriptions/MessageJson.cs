using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Serving.Server.Rest.Json;

namespace Serving.Server.Descriptions;

/// <summary>
/// Writes messages as JSON the way Triton does: fields under their names in the .proto file and also where they have their default, enumerators
/// by name, and 64-bit integers as numbers, which protobuf's own JSON would have as strings.
/// </summary>
internal static class MessageJson
{
    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        using var writer = new Utf8JsonWriter(output, JsonText.WriterOptions);
        WriteMessage(writer, message);
    }

    private static void WriteMessage(Utf8JsonWriter writer, IMessage message)
    {
        writer.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            // What is not there of messages and choices is not written; everything else has a default.
            if (field.HasPresence && !field.Accessor.HasValue(message))
            {
                continue;
            }

            writer.WritePropertyName(field.Name);
            WriteField(writer, field, field.Accessor.GetValue(message));
        }

        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, FieldDescriptor field, object value)
    {
        if (field.IsMap)
        {
            var entry = field.MessageType.FindFieldByNumber(2);
            writer.WriteStartObject();
            foreach (DictionaryEntry pair in (IDictionary)value)
            {
                writer.WritePropertyName(Convert.ToString(pair.Key, CultureInfo.InvariantCulture)!);
                WriteValue(writer, entry, pair.Value!);
            }

            writer.WriteEndObject();
        }
        else if (field.IsRepeated)
        {
            writer.WriteStartArray();
            foreach (var item in (IEnumerable)value)
            {
                WriteValue(writer, field, item);
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteValue(writer, field, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, FieldDescriptor field, object value)
    {
        switch (value)
        {
            case IMessage message:
                WriteMessage(writer, message);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case Enum enumerator:
                writer.WriteStringValue(field.EnumType.FindValueByNumber(Convert.ToInt32(enumerator, CultureInfo.InvariantCulture)).Name);
                break;
            case ulong or uint:
                writer.WriteNumberValue(Convert.ToUInt64(value, CultureInfo.InvariantCulture));
                break;
            case long or int:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case float number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            default:
                throw new NotSupportedException($"The field {field.FullName} is of a kind that no description has.");
        }
    }
}
