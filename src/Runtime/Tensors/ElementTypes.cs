using System.Collections.Frozen;

namespace Serving.Runtime.Tensors;

/// <summary>Sizes and protocol names of <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    private static readonly string[] Names =
    [
        "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
        "FP16", "BF16", "FP32", "FP64", "BYTES",
    ];

    private static readonly byte[] Sizes = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 0];

    private static readonly FrozenDictionary<string, ElementType> ByName =
        Names.Select((name, index) => (name, index)).ToFrozenDictionary(p => p.name, p => (ElementType)p.index, StringComparer.Ordinal);

    /// <summary>All protocol names, in the order of <see cref="ElementType"/>.</summary>
    public static IReadOnlyList<string> AllNames => Names;

    /// <summary>The protocol's name, such as <c>FP32</c>.</summary>
    public static string Name(this ElementType type) => Names[(int)type];

    /// <summary>Bytes of one element; 0 for <see cref="ElementType.Bytes"/>, whose elements vary.</summary>
    public static int Size(this ElementType type) => Sizes[(int)type];

    /// <summary>Reads a protocol name; names are upper case.</summary>
    public static bool TryParse(string? name, out ElementType type)
    {
        type = default;
        return name is not null && ByName.TryGetValue(name, out type);
    }
}
