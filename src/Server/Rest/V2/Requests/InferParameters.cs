using System.Text.Json;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>The reserved parameters that this server knows, of a request, an input or an output; null where not given.</summary>
internal record struct InferParameters
{
    /// <summary>Request: whether outputs are raw where they do not say themselves.</summary>
    public bool? BinaryDataOutput { get; set; }

    /// <summary>Request: microseconds.</summary>
    public ulong? Timeout { get; set; }

    /// <summary>Request: 1 is the most urgent.</summary>
    public ulong? Priority { get; set; }

    /// <summary>Request: what is the model's and not the protocol's; null where there is nothing.</summary>
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>Input: its raw bytes.</summary>
    public ulong? BinaryDataSize { get; set; }

    /// <summary>Output: whether it is raw.</summary>
    public bool? BinaryData { get; set; }

    /// <summary>Output: how many classes.</summary>
    public ulong? Classification { get; set; }

    /// <summary>Input or output: the region of shared memory that it lies in.</summary>
    public string? Region { get; set; }

    /// <summary>Input or output: where it begins in the region.</summary>
    public ulong? RegionOffset { get; set; }

    /// <summary>Input or output: its size in the region, or the room for it.</summary>
    public ulong? RegionByteSize { get; set; }
}
