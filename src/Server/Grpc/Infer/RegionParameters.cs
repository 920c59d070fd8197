using Serving.Runtime.Inference;
using Serving.Server.SharedMemory;

namespace Serving.Server.Grpc.Infer;

/// <summary>The parameters of a tensor that say where in shared memory it lies, as the message has them.</summary>
internal struct RegionParameters
{
    private ParameterValue? _region;
    private ParameterValue? _offset;
    private ParameterValue? _byteSize;

    /// <summary>Whether the tensor is said to lie in shared memory.</summary>
    public readonly bool HasRegion => _region is not null;

    public readonly bool IsEmpty => _region is null && _offset is null && _byteSize is null;

    /// <summary>Takes a parameter over, if it is one of these.</summary>
    public void Set(string key, ParameterValue value)
    {
        switch (key)
        {
            case "shared_memory_region":
                _region = value;
                break;
            case "shared_memory_offset":
                _offset = value;
                break;
            case "shared_memory_byte_size":
                _byteSize = value;
                break;
        }
    }

    /// <summary>What they say together; null where nothing.</summary>
    /// <param name="tensor">Whose they are, for messages: <c>input 'x'</c>.</param>
    /// <param name="reference">The reference.</param>
    public readonly InferenceFailure? Read(string tensor, out RegionReference? reference)
    {
        reference = null;
        if (_region is { Kind: not ParameterKind.String })
        {
            return ParameterRules.Wrong("shared_memory_region", tensor, "string_param");
        }

        return Count("shared_memory_offset", _offset, tensor, out var offset)
            ?? Count("shared_memory_byte_size", _byteSize, tensor, out var byteSize)
            ?? RegionReference.Read(tensor, _region?.Text, offset, byteSize, out reference);
    }

    private static InferenceFailure? Count(string key, ParameterValue? value, string tensor, out ulong? count)
    {
        count = null;
        if (value is not { } given)
        {
            return null;
        }

        if (given.Kind is not (ParameterKind.Int64 or ParameterKind.UInt64) || !given.TryGetCount(out var number))
        {
            return ParameterRules.Wrong(key, tensor, "int64_param that is not negative");
        }

        count = (ulong)number;
        return null;
    }
}
