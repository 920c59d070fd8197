using System.Text;
using Serving.Runtime.Inference;
using Serving.Server.Outputs;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc.Infer;

/// <summary>The parameters of a response's output that lies in shared memory: where, and how many bytes.</summary>
internal static class PlacedOutput
{
    private const int ParametersField = 4;
    private const int KeyField = 1;
    private const int ValueField = 2;

    /// <summary>More than keys and numbers take, with their tags and lengths.</summary>
    private const int RoomBesidesRegion = 256;

    /// <summary>By output, the encoded fields; null where it is sent. Null where all are.</summary>
    public static byte[]?[]? EncodeAll(IReadOnlyList<OutputTensor> outputs, IReadOnlyList<OutputDemand> demands)
    {
        byte[]?[]? all = null;
        for (var i = 0; demands.Count > 0 && i < outputs.Count; i++)
        {
            if (OutputDelivery.Find(demands, outputs[i].Name)?.Place is { } place)
            {
                (all ??= new byte[outputs.Count][])[i] = Encode(place, outputs[i].Data.Length);
            }
        }

        return all;
    }

    private static byte[] Encode(OutputPlace place, int byteSize)
    {
        var target = new byte[RoomBesidesRegion + Encoding.UTF8.GetByteCount(place.Region)];
        var writer = new WireWriter(target);
        WriteText(ref writer, "shared_memory_region", place.Region);
        WriteNumber(ref writer, "shared_memory_offset", place.Offset);
        WriteNumber(ref writer, "shared_memory_byte_size", (ulong)byteSize);
        return target[..writer.Written];
    }

    private static void WriteText(ref WireWriter writer, string key, string text)
    {
        var value = WireWriter.TextSize(text);
        writer.WriteHeader(ParametersField, WireWriter.TextSize(key) + WireWriter.FieldSize(value));
        writer.WriteText(KeyField, key);
        writer.WriteHeader(ValueField, value);
        writer.WriteText((int)ParameterKind.String, text);
    }

    private static void WriteNumber(ref WireWriter writer, string key, ulong number)
    {
        var value = 1 + WireWriter.VarintSize(number);
        writer.WriteHeader(ParametersField, WireWriter.TextSize(key) + WireWriter.FieldSize(value));
        writer.WriteText(KeyField, key);
        writer.WriteHeader(ValueField, value);
        writer.WriteVarint(((ulong)ParameterKind.Int64 << 3) | (ulong)WireType.Varint);
        writer.WriteVarint(number);
    }
}
