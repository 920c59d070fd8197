using System.Buffers;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Tests.Batching;

/// <summary>Requests and their answers, briefly.</summary>
internal static class Requests
{
    public static InputTensor Floats(string name, long[] shape, params float[] values) =>
        new(name, ElementType.Float32, new TensorShape(shape), Bytes(values));

    public static InputTensor Longs(string name, long[] shape, params long[] values) =>
        new(name, ElementType.Int64, new TensorShape(shape), Bytes(values));

    public static InputTensor Raw(string name, ElementType type, long[] shape, byte[] data) =>
        new(name, type, new TensorShape(shape), new ReadOnlySequence<byte>(data));

    public static InferenceRequest To(string model, params InputTensor[] inputs) => new() { ModelName = model, Inputs = inputs };

    public static float[] Floats(this InferenceResponse response, string output) =>
        MemoryMarshal.Cast<byte, float>(response.Outputs.Single(o => o.Name == output).Data.Span).ToArray();

    private static ReadOnlySequence<byte> Bytes<T>(T[] values)
        where T : unmanaged => new(MemoryMarshal.AsBytes<T>(values).ToArray());
}
