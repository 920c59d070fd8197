using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>
/// An output of one run, where ONNX Runtime put it: <see cref="MemoryManager{T}.Memory"/> is its bytes until it is disposed.
/// Strings are copied into our layout, because ONNX Runtime keeps each in a block of its own.
/// </summary>
internal sealed unsafe class GraphOutput : MemoryManager<byte>
{
    private OrtValue? _value;
    private PooledBuffer? _strings;
    private readonly byte* _pointer;
    private readonly int _length;

    public GraphOutput(OrtValue value)
    {
        _value = value;
        var info = value.GetTensorTypeAndShape();
        Type = info.ElementDataType.ToElementType();
        Shape = new TensorShape(info.Shape);
        if (info.ElementCount == 0)
        {
            return;
        }

        if (Type == ElementType.Bytes)
        {
            _strings = StringValues.Read(value, checked((int)info.ElementCount));
            _pointer = _strings.Pointer;
            _length = _strings.Length;
            return;
        }

        var bytes = info.ElementCount * Type.Size();
        if (bytes > int.MaxValue)
        {
            throw new NotSupportedException($"an output of {bytes} bytes; the largest that can be answered is {int.MaxValue}");
        }

        var data = value.GetTensorMutableRawData();
        _pointer = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(data));
        _length = (int)bytes;
    }

    public ElementType Type { get; }

    public TensorShape Shape { get; }

    public override Span<byte> GetSpan() => new(_pointer, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_pointer + elementIndex);

    public override void Unpin()
    {
    }

    public void Dispose() => ((IDisposable)this).Dispose();

    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _value, null)?.Dispose();
        Interlocked.Exchange(ref _strings, null)?.Dispose();
    }
}
