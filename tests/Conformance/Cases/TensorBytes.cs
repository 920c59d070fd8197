using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Serving.Conformance.Cases;

/// <summary>
/// Bytes as a case describes them: <c>{"FP32": [1, 2]}</c> with any datatype, <c>{"FP32": {"fill": 1, "count": 9}}</c>,
/// <c>{"hex": "00ff"}</c> or <c>{"text": "abc"}</c>.
/// </summary>
internal static class TensorBytes
{
    public static byte[] Of(JsonNode description)
    {
        var (kind, value) = description.AsObject().Single();
        return kind switch
        {
            "hex" => Convert.FromHexString((string)value!),
            "text" => Encoding.UTF8.GetBytes((string)value!),
            _ => Encode(kind, value!),
        };
    }

    /// <summary>The elements as they lie in memory, however they are nested.</summary>
    public static byte[] Encode(string datatype, JsonNode values)
    {
        if (values is JsonObject { } repeated && repeated.ContainsKey("fill"))
        {
            var element = Element(datatype, repeated["fill"]!);
            return [.. Enumerable.Repeat(element, (int)repeated["count"]!).SelectMany(bytes => bytes)];
        }

        return values is JsonArray array ? [.. array.SelectMany(item => Encode(datatype, item!))] : Element(datatype, values);
    }

    /// <summary>As base64 wherever an object has the one key <c>$bytes</c>.</summary>
    public static JsonNode? Resolve(JsonNode? node) => node switch
    {
        JsonObject item when item.TryGetPropertyValue("$bytes", out var bytes) => Convert.ToBase64String(Of(bytes!)),
        JsonObject item => new JsonObject(item.Select(pair => KeyValuePair.Create(pair.Key, Resolve(pair.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Resolve)]),
        _ => node?.DeepClone(),
    };

    private static byte[] Element(string datatype, JsonNode value)
    {
        var text = value.ToString();
        return datatype switch
        {
            "BOOL" => [text is "true" or "1" ? (byte)1 : (byte)0],
            "UINT8" => [byte.Parse(text, CultureInfo.InvariantCulture)],
            "INT8" => [(byte)sbyte.Parse(text, CultureInfo.InvariantCulture)],
            "UINT16" => BitConverter.GetBytes(ushort.Parse(text, CultureInfo.InvariantCulture)),
            "INT16" => BitConverter.GetBytes(short.Parse(text, CultureInfo.InvariantCulture)),
            "UINT32" => BitConverter.GetBytes(uint.Parse(text, CultureInfo.InvariantCulture)),
            "INT32" => BitConverter.GetBytes(int.Parse(text, CultureInfo.InvariantCulture)),
            "UINT64" => BitConverter.GetBytes(ulong.Parse(text, CultureInfo.InvariantCulture)),
            "INT64" => BitConverter.GetBytes(long.Parse(text, CultureInfo.InvariantCulture)),
            "FP16" => BitConverter.GetBytes((Half)Number(text)),
            "BF16" => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits((float)Number(text)) >> 16)),
            "FP32" => BitConverter.GetBytes((float)Number(text)),
            "FP64" => BitConverter.GetBytes(Number(text)),
            "BYTES" => WithLength(Encoding.UTF8.GetBytes(text)),
            _ => throw new InvalidOperationException($"'{datatype}' is no datatype."),
        };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static byte[] WithLength(byte[] element)
    {
        var bytes = new byte[sizeof(uint) + element.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)element.Length);
        element.CopyTo(bytes, sizeof(uint));
        return bytes;
    }
}
