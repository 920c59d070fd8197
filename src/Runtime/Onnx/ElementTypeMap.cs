using Microsoft.ML.OnnxRuntime.Tensors;
using Serving.Runtime.Tensors;

namespace Serving.Runtime.Onnx;

/// <summary>Our element types and ONNX Runtime's.</summary>
internal static class ElementTypeMap
{
    private static readonly TensorElementType[] Ours =
    [
        TensorElementType.Bool, TensorElementType.UInt8, TensorElementType.UInt16, TensorElementType.UInt32, TensorElementType.UInt64,
        TensorElementType.Int8, TensorElementType.Int16, TensorElementType.Int32, TensorElementType.Int64,
        TensorElementType.Float16, TensorElementType.BFloat16, TensorElementType.Float, TensorElementType.Double, TensorElementType.String,
    ];

    public static TensorElementType ToOnnx(this ElementType type) => Ours[(int)type];

    public static ElementType ToElementType(this TensorElementType type)
    {
        var index = Array.IndexOf(Ours, type);
        return index >= 0 ? (ElementType)index : throw new NotSupportedException($"ONNX Runtime answered with a tensor of type {type}, which no protocol carries");
    }
}
