using System.Runtime.InteropServices;
using System.Text;
using Serving.Runtime.Inference;
using Serving.Runtime.Models;
using Serving.Runtime.Tensors;

namespace Serving.Server.Tests.Rest.V1;

/// <summary>Models and tensors for tests of V1, in few words.</summary>
internal static class Sample
{
    public static TensorSignature Tensor(string name, ElementType type, params long[] shape) => new(name, type, new TensorShape(shape), []);

    /// <summary>A model of these inputs, with one output of two scores.</summary>
    public static ModelMetadata Model(params TensorSignature[] inputs) => With(inputs, Tensor("y", ElementType.Float32, -1, 2));

    public static ModelMetadata With(TensorSignature[] inputs, params TensorSignature[] outputs) => new("m", ["1"], "onnxruntime_onnx", inputs, outputs);

    public static OutputTensor Output<T>(string name, ElementType type, long[] shape, params T[] values)
        where T : unmanaged => new(name, type, new TensorShape(shape), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static OutputTensor Strings(string name, long[] shape, params byte[][] values) =>
        new(name, ElementType.Bytes, new TensorShape(shape), values.SelectMany(v => BitConverter.GetBytes(v.Length).Concat(v)).ToArray());

    public static OutputTensor Strings(string name, long[] shape, params string[] values) => Strings(name, shape, [.. values.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>An input as a line that tests compare: name, type, shape and elements.</summary>
    public static string Show(InputTensor input) => $"{input.Name} {input.Type.Name()} {input.Shape} {Elements(input)}";

    private static string Elements(InputTensor input)
    {
        var data = System.Buffers.BuffersExtensions.ToArray(input.Data);
        return input.Type switch
        {
            ElementType.Float32 => string.Join(' ', MemoryMarshal.Cast<byte, float>(data).ToArray()),
            ElementType.Int64 => string.Join(' ', MemoryMarshal.Cast<byte, long>(data).ToArray()),
            ElementType.Bool => string.Join(' ', data),
            ElementType.Bytes => string.Join(' ', Texts(data)),
            _ => Convert.ToHexString(data),
        };
    }

    private static IEnumerable<string> Texts(byte[] data)
    {
        for (var at = 0; at < data.Length;)
        {
            var length = BitConverter.ToInt32(data, at);
            yield return Encoding.UTF8.GetString(data, at + 4, length);
            at += 4 + length;
        }
    }
}
