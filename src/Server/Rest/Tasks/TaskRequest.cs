using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Server.Rest.Tasks;

/// <summary>What a dialect asks of a task.</summary>
internal sealed class TaskRequest
{
    private readonly List<InputTensor> _inputs = [];
    private readonly Dictionary<string, JsonElement> _parameters = [];

    public IReadOnlyList<InputTensor> Inputs => _inputs;

    public IReadOnlyDictionary<string, JsonElement> Parameters => _parameters;

    /// <summary>The outputs wanted; empty for those that are always made.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Adds an input of texts.</summary>
    public TaskRequest Add(string input, IReadOnlyList<string> texts)
    {
        var data = new byte[texts.Sum(text => sizeof(int) + Encoding.UTF8.GetByteCount(text))];
        var position = 0;
        foreach (var text in texts)
        {
            var length = Encoding.UTF8.GetBytes(text, data.AsSpan(position + sizeof(int)));
            BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(position), length);
            position += sizeof(int) + length;
        }

        return Add(input, texts.Count, data);
    }

    /// <summary>Adds an input of files.</summary>
    public TaskRequest Add(string input, IReadOnlyList<ReadOnlyMemory<byte>> files)
    {
        var data = new byte[files.Sum(file => sizeof(int) + file.Length)];
        var position = 0;
        foreach (var file in files)
        {
            BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(position), file.Length);
            file.Span.CopyTo(data.AsSpan(position + sizeof(int)));
            position += sizeof(int) + file.Length;
        }

        return Add(input, files.Count, data);
    }

    /// <summary>Adds a parameter, where the client gave it.</summary>
    public TaskRequest With(string parameter, JsonElement? value)
    {
        if (value is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } given)
        {
            _parameters[parameter] = given;
        }

        return this;
    }

    public TaskRequest With(string parameter, bool value) => With(parameter, JsonSerializer.SerializeToElement(value));

    public TaskRequest With(string parameter, string value) => With(parameter, JsonSerializer.SerializeToElement(value));

    private TaskRequest Add(string input, int rows, byte[] data)
    {
        _inputs.Add(new InputTensor(input, ElementType.Bytes, new TensorShape(rows), new ReadOnlySequence<byte>(data)));
        return this;
    }
}
