using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tasks;

/// <summary>The outputs of a task's answer, in memory of the pool that disposing gives back.</summary>
internal sealed class TaskAnswer : IDisposable
{
    private readonly List<OutputTensor> _outputs = [];
    private readonly List<PooledBuffer> _buffers = [];

    public IReadOnlyList<OutputTensor> Outputs => _outputs;

    /// <summary>Adds an output of single-precision numbers.</summary>
    public TaskAnswer Add(string name, TensorShape shape, ReadOnlySpan<float> values) => AddBytes(name, ElementType.Float32, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Adds an output of whole numbers.</summary>
    public TaskAnswer Add(string name, TensorShape shape, ReadOnlySpan<long> values) => AddBytes(name, ElementType.Int64, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Adds an output of texts.</summary>
    public TaskAnswer Add(string name, TensorShape shape, IReadOnlyList<string> values)
    {
        var memory = Rent(values.Sum(value => sizeof(int) + Encoding.UTF8.GetByteCount(value)));
        var position = 0;
        foreach (var value in values)
        {
            var length = Encoding.UTF8.GetBytes(value, memory.Span[(position + sizeof(int))..]);
            BinaryPrimitives.WriteInt32LittleEndian(memory.Span[position..], length);
            position += sizeof(int) + length;
        }

        _outputs.Add(new OutputTensor(name, ElementType.Bytes, shape, memory));
        return this;
    }

    /// <summary>Adds an output of byte strings, such as files.</summary>
    public TaskAnswer Add(string name, TensorShape shape, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var memory = Rent(values.Sum(value => sizeof(int) + value.Length));
        var position = 0;
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(memory.Span[position..], value.Length);
            value.Span.CopyTo(memory.Span[(position + sizeof(int))..]);
            position += sizeof(int) + value.Length;
        }

        _outputs.Add(new OutputTensor(name, ElementType.Bytes, shape, memory));
        return this;
    }

    public void Dispose() => _buffers.ForEach(buffer => buffer.Dispose());

    private TaskAnswer AddBytes(string name, ElementType type, TensorShape shape, ReadOnlySpan<byte> values)
    {
        var memory = Rent(values.Length);
        values.CopyTo(memory.Span);
        _outputs.Add(new OutputTensor(name, type, shape, memory));
        return this;
    }

    private Memory<byte> Rent(int length)
    {
        var buffer = BufferPool.Shared.Rent(length);
        _buffers.Add(buffer);
        return buffer.Memory;
    }
}
