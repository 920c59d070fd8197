using Serving.Runtime.Tensors;

namespace Serving.Server.Grpc.Infer;

/// <summary>Which field carries which type, how, and under which name.</summary>
internal static class ContentsFields
{
    /// <summary>The field for a type; none for the types that can only be sent raw.</summary>
    public static ContentsField For(ElementType type) => type switch
    {
        ElementType.Bool => ContentsField.Bool,
        ElementType.Int8 or ElementType.Int16 or ElementType.Int32 => ContentsField.Int,
        ElementType.Int64 => ContentsField.Int64,
        ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 => ContentsField.UInt,
        ElementType.UInt64 => ContentsField.UInt64,
        ElementType.Float32 => ContentsField.Fp32,
        ElementType.Float64 => ContentsField.Fp64,
        ElementType.Bytes => ContentsField.Bytes,
        _ => ContentsField.None,
    };

    /// <summary>How one element is laid out; null for a field that does not exist.</summary>
    public static WireType? ElementWireType(this ContentsField field) => field switch
    {
        >= ContentsField.Bool and <= ContentsField.UInt64 => WireType.Varint,
        ContentsField.Fp32 => WireType.Fixed32,
        ContentsField.Fp64 => WireType.Fixed64,
        ContentsField.Bytes => WireType.Length,
        _ => null,
    };

    public static string Name(this ContentsField field) => field switch
    {
        ContentsField.Bool => "bool_contents",
        ContentsField.Int => "int_contents",
        ContentsField.Int64 => "int64_contents",
        ContentsField.UInt => "uint_contents",
        ContentsField.UInt64 => "uint64_contents",
        ContentsField.Fp32 => "fp32_contents",
        ContentsField.Fp64 => "fp64_contents",
        _ => "bytes_contents",
    };
}
