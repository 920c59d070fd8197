using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Rest.HuggingFace;

/// <summary>An output as a field of the objects that are answered.</summary>
internal sealed class HubField
{
    private const string Box = "box";

    private readonly OutputTensor _tensor;
    private readonly List<ReadOnlyMemory<byte>>? _files;
    private readonly bool _isFile;
    private readonly int _each;

    /// <param name="tensor">The output.</param>
    /// <param name="task">The task, whose clients may know the field by another name.</param>
    /// <param name="reply">The answer.</param>
    public HubField(OutputTensor tensor, string task, TaskReply reply)
    {
        _tensor = tensor;
        Name = task == TaskNames.TokenClassification && tensor.Name == "entity" ? "entity_group" : tensor.Name;
        Width = tensor.Shape.Rank > 1 ? (int)tensor.Shape[1] : 1;
        _each = tensor.Shape.Rank > 2 ? (int)tensor.Shape[2] : 1;
        _files = tensor.Type == ElementType.Bytes ? reply.Bytes(tensor.Name) : null;
        _isFile = tensor.Name is "mask" or "depth" or "image";
    }

    public string Name { get; }

    /// <summary>How many things a row has at most.</summary>
    public int Width { get; }

    /// <summary>Writes the value of a row's thing; nothing of an empty row where <paramref name="place"/> is negative.</summary>
    public void Write(Utf8JsonWriter json, int row, int place)
    {
        if (place < 0)
        {
            json.WriteNullValue();
        }
        else if (_files is not null)
        {
            WriteFile(json, _files[(row * Width) + place].Span);
        }
        else if (_tensor.Shape.Rank > 2)
        {
            WriteSeveral(json, ((row * Width) + place) * _each);
        }
        else if (_tensor.Type == ElementType.Int64)
        {
            json.WriteNumberValue(MemoryMarshal.Cast<byte, long>(_tensor.Data.Span)[(row * Width) + place]);
        }
        else
        {
            TaskJson.WriteNumber(json, MemoryMarshal.Cast<byte, float>(_tensor.Data.Span)[(row * Width) + place]);
        }
    }

    private void WriteFile(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (_isFile)
        {
            json.WriteBase64StringValue(bytes);
        }
        else
        {
            json.WriteStringValue(Encoding.UTF8.GetString(bytes));
        }
    }

    /// <summary>Four numbers called box are an object, as clients of detectors have it.</summary>
    private void WriteSeveral(Utf8JsonWriter json, int first)
    {
        var values = MemoryMarshal.Cast<byte, float>(_tensor.Data.Span).Slice(first, _each);
        if (_tensor.Name != Box || _each != 4)
        {
            TaskJson.WriteVector(json, values);
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("xmin", (int)values[0]);
        json.WriteNumber("ymin", (int)values[1]);
        json.WriteNumber("xmax", (int)values[2]);
        json.WriteNumber("ymax", (int)values[3]);
        json.WriteEndObject();
    }
}
