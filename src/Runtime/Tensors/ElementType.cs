namespace Serving.Runtime.Tensors;

/// <summary>The element types of tensors, as the Open Inference Protocol names them, and BF16.</summary>
public enum ElementType : byte
{
    /// <summary>One byte an element, 0 or 1.</summary>
    Bool,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Int8,
    Int16,
    Int32,
    Int64,
    Float16,
    BFloat16,
    Float32,
    Float64,

    /// <summary>Byte strings. In memory and on the wire each element is a 32-bit little-endian length and its bytes.</summary>
    Bytes,
}
