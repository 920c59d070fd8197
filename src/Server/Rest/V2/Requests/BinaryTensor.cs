using Serving.Runtime.Inference;
using Serving.Runtime.Tensors;
using Serving.Server.Rest.Json;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>Checks raw tensors against what was declared about them.</summary>
internal static class BinaryTensor
{
    /// <summary>Null, or how the bytes contradict type and shape.</summary>
    public static InferenceFailure? Check(string input, ElementType type, TensorShape shape, ReadOnlySpan<byte> data)
    {
        if (!shape.TryCountElements(out var count))
        {
            return InferenceFailure.InvalidInput($"input '{input}' has shape {shape}, whose elements cannot be counted");
        }

        if (type == ElementType.Bytes)
        {
            return !BytesElements.TryCount(data, out var got)
                ? InferenceFailure.InvalidInput($"input '{input}': the lengths of its BYTES elements do not add up to its {data.Length} bytes")
                : got == count ? null
                : InferenceFailure.InvalidInput($"input '{input}' expects {count} elements by its shape {shape}, got {got}");
        }

        if ((Int128)count * type.Size() != data.Length)
        {
            return InferenceFailure.InvalidInput(
                $"unexpected size for input '{input}': expected {(Int128)count * type.Size()} bytes for {type.Name()} {shape}, got {data.Length}");
        }

        var odd = type == ElementType.Bool ? data.IndexOfAnyExceptInRange((byte)0, (byte)1) : -1;
        return odd < 0 ? null : InferenceFailure.InvalidInput($"input '{input}' element {odd}: {data[odd]} is not a BOOL, expected 0 or 1");
    }
}
