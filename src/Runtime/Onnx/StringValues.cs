using System.Buffers.Binary;
using Microsoft.ML.OnnxRuntime;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>String tensors between the protocols' layout (a 32-bit length before each element) and ONNX Runtime's.</summary>
internal static class StringValues
{
    public static OrtValue Create(ReadOnlySpan<byte> data, long[] shape)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        try
        {
            for (var index = 0; data.Length > 0; index++)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(data);
                value.StringTensorSetElementAt(data.Slice(sizeof(int), length), index);
                data = data[(sizeof(int) + length)..];
            }

            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    public static PooledBuffer Read(OrtValue value, int count)
    {
        var total = 0L;
        for (var i = 0; i < count; i++)
        {
            total += sizeof(int) + value.GetStringElementAsSpan(i).Length;
        }

        var buffer = BufferPool.Shared.Rent(checked((int)total));
        var target = buffer.GetSpan();
        for (var i = 0; i < count; i++)
        {
            var element = value.GetStringElementAsSpan(i);
            BinaryPrimitives.WriteInt32LittleEndian(target, element.Length);
            element.CopyTo(target[sizeof(int)..]);
            target = target[(sizeof(int) + element.Length)..];
        }

        return buffer;
    }
}
