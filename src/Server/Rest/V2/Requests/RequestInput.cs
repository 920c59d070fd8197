using Serving.Runtime.Tensors;
using Serving.Server.SharedMemory;

namespace Serving.Server.Rest.V2.Requests;

/// <summary>One input as the request's JSON describes it. Owns the block of its data.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Shape">The declared shape.</param>
/// <param name="BinarySize">Its raw bytes, where it has no data in the JSON.</param>
/// <param name="Data">Its elements, where the JSON has them.</param>
/// <param name="Region">Its place in shared memory, where it lies there.</param>
internal readonly record struct RequestInput(
    string Name, ElementType Type, TensorShape Shape, ulong? BinarySize, PooledBufferWriter? Data, RegionReference? Region = null) : IDisposable
{
    public void Dispose() => Data?.Dispose();
}
