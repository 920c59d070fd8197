using System.Buffers.Binary;
using System.Buffers.Text;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;
using Serving.Server.Rest.Json.Elements;

namespace Serving.Server.Rest.V1.Responses;

/// <summary>Writes elements of an output with commas between them, a piece at a time.</summary>
internal static class ElementsWriter
{
    /// <summary>Elements of one piece: their text stays within a processor's first-level cache.</summary>
    private const int ElementsPerPiece = 1024;

    private const int LengthBytes = sizeof(uint);

    /// <summary>Writes at least one of the first <paramref name="most"/> elements of <paramref name="data"/>.</summary>
    /// <returns>How many were written, and how many bytes of the data they are.</returns>
    public static (int Elements, int Bytes) Write(PooledBufferWriter json, ElementType type, bool asBase64, ReadOnlySpan<byte> data, long most)
    {
        if (type == ElementType.Bytes)
        {
            return (1, asBase64 ? WriteBase64(json, data) : TensorDataWriter.WritePiece(json, type, data));
        }

        var bytes = (int)Math.Min(most, ElementsPerPiece) * type.Size();
        data = data[..bytes];
        switch (type)
        {
            case ElementType.Float16:
                DecimalText.Write<Half, FloatElement<Half>>(json, data);
                break;
            case ElementType.BFloat16:
                DecimalText.Write<ushort, BFloat16Element>(json, data);
                break;
            case ElementType.Float32:
                DecimalText.Write<float, FloatElement<float>>(json, data);
                break;
            case ElementType.Float64:
                DecimalText.Write<double, FloatElement<double>>(json, data);
                break;
            default:
                bytes = TensorDataWriter.WritePiece(json, type, data);
                break;
        }

        return (bytes / type.Size(), bytes);
    }

    private static int WriteBase64(PooledBufferWriter json, ReadOnlySpan<byte> data)
    {
        var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(data);
        json.Write("{\"b64\":\""u8);
        Base64.EncodeToUtf8(data.Slice(LengthBytes, length), json.GetSpan(Base64.GetMaxEncodedToUtf8Length(length)), out _, out var written);
        json.Advance(written);
        json.Write("\"}"u8);
        return LengthBytes + length;
    }
}
