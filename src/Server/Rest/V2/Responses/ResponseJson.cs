using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Responses;

/// <summary>The JSON around the outputs' data.</summary>
internal static class ResponseJson
{
    public static void WriteStart(PooledBufferWriter json, InferenceResponse response)
    {
        json.Write("{\"model_name\":"u8);
        JsonText.WriteString(json, response.ModelName);
        json.Write(",\"model_version\":"u8);
        JsonText.WriteString(json, response.ModelVersion);
        if (response.Id is not null)
        {
            json.Write(",\"id\":"u8);
            JsonText.WriteString(json, response.Id);
        }

        json.Write(",\"outputs\":["u8);
    }

    /// <summary>An output up to its data, or to its end where it is raw.</summary>
    public static void WriteOutput(PooledBufferWriter json, in OutputTensor output, bool isBinary, bool first)
    {
        WriteSignature(json, output, first);
        json.Write(isBinary ? "],\"parameters\":{\"binary_data_size\":"u8 : "],\"data\":["u8);
        if (isBinary)
        {
            JsonText.WriteInteger(json, output.Data.Length);
        }
    }

    /// <summary>A whole output whose data lies in shared memory; its size tells where BYTES end.</summary>
    public static void WritePlaced(PooledBufferWriter json, in OutputTensor output, OutputPlace place, bool first)
    {
        WriteSignature(json, output, first);
        json.Write("],\"parameters\":{\"shared_memory_region\":"u8);
        JsonText.WriteString(json, place.Region);
        json.Write(",\"shared_memory_offset\":"u8);
        JsonText.WriteInteger(json, (long)place.Offset);
        json.Write(",\"shared_memory_byte_size\":"u8);
        JsonText.WriteInteger(json, output.Data.Length);
        json.Write("}}"u8);
    }

    public static void WriteOutputEnd(PooledBufferWriter json, bool isBinary) => json.Write(isBinary ? "}}"u8 : "]}"u8);

    public static void WriteEnd(PooledBufferWriter json) => json.Write("]}"u8);

    private static void WriteSignature(PooledBufferWriter json, in OutputTensor output, bool first)
    {
        json.Write(first ? "{\"name\":"u8 : ",{\"name\":"u8);
        JsonText.WriteString(json, output.Name);
        json.Write(",\"datatype\":"u8);
        JsonText.WriteString(json, output.Type.Name());
        json.Write(",\"shape\":["u8);
        for (var axis = 0; axis < output.Shape.Rank; axis++)
        {
            json.Write(axis == 0 ? default : ","u8);
            JsonText.WriteInteger(json, output.Shape[axis]);
        }
    }
}
