using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Serving.Runtime.Inference;
using Serving.Server.Hosting;

namespace Serving.Server.SharedMemory;

/// <summary>The regions of system shared memory that clients have registered, for all protocols. Owns their handles.</summary>
internal sealed class SharedMemoryRegistry(IOptions<ServingOptions> options) : IDisposable
{
    /// <summary>Each costs a descriptor, of which a process often has 1024 for everything. Arbitrary.</summary>
    public const int MostRegions = 256;

    /// <summary>Arbitrary; clients name regions after their tensors.</summary>
    private const int LongestName = 256;

    private readonly ConcurrentDictionary<string, SharedMemoryRegion> _regions = new(StringComparer.Ordinal);
    private readonly Lock _changes = new();

    /// <summary>The most bytes that the inputs of one request may take in regions; as much as they may in its body.</summary>
    public long MostInputBytes { get; } = options.Value.MaxRequestBytes;

    /// <summary>Null where clients may use shared memory, else why they may not.</summary>
    public InferenceFailure? Refusal { get; } = Refuse(options.Value);

    /// <summary>Whether the server offers shared memory under these options.</summary>
    public static bool IsOffered(ServingOptions options) => Refuse(options) is null;

    /// <summary>Makes a region known.</summary>
    /// <returns>Null, or why it cannot be.</returns>
    public InferenceFailure? Register(string name, string key, ulong offset, ulong byteSize)
    {
        if ((Refusal ?? Check(name, byteSize)) is { } refused)
        {
            return refused;
        }

        lock (_changes)
        {
            if (_regions.ContainsKey(name))
            {
                return new InferenceFailure(InferenceError.AlreadyExists, $"shared memory region '{name}' already in manager");
            }

            if (_regions.Count == MostRegions)
            {
                return InferenceFailure.TooLarge($"{MostRegions} regions of shared memory are registered, the most there can be; unregister those that are not used");
            }

            if (!Open(name, key, offset, byteSize).TryGetValue(out var region, out var failure))
            {
                return failure;
            }

            _regions[name] = region;
            return null;
        }
    }

    /// <summary>Forgets a region, or all where the name is empty. One that is not known is no error, as in Triton.</summary>
    public InferenceFailure? Unregister(string? name)
    {
        if (Refusal is not null)
        {
            return Refusal;
        }

        lock (_changes)
        {
            foreach (var known in string.IsNullOrEmpty(name) ? [.. _regions.Keys] : (string[])[name])
            {
                if (_regions.TryRemove(known, out var region))
                {
                    region.Release();
                }
            }
        }

        return null;
    }

    /// <summary>The region of a name, or all by name where it is empty.</summary>
    public Outcome<IReadOnlyList<SharedMemoryRegion>> GetStatus(string? name)
    {
        if (Refusal is not null)
        {
            return Refusal;
        }

        if (string.IsNullOrEmpty(name))
        {
            return _regions.Values.OrderBy(region => region.Name, StringComparer.Ordinal).ToArray();
        }

        return _regions.TryGetValue(name, out var known)
            ? (SharedMemoryRegion[])[known]
            : InferenceFailure.NotFound($"Unable to find system shared memory region: '{name}'");
    }

    /// <summary>The region of a name, with a lease that the caller releases.</summary>
    public bool TryAcquire(string name, [NotNullWhen(true)] out SharedMemoryRegion? region) =>
        _regions.TryGetValue(name, out region) && region.TryAcquire();

    public void Dispose()
    {
        foreach (var (name, _) in _regions)
        {
            if (_regions.TryRemove(name, out var region))
            {
                region.Release();
            }
        }
    }

    private static InferenceFailure? Refuse(ServingOptions options) => options.AllowSharedMemory
        ? OperatingSystem.IsLinux() ? null : InferenceFailure.Unsupported("system shared memory is offered on Linux only")
        : InferenceFailure.Unsupported("shared memory is not open to clients; start the server with --allow-shared-memory");

    private static InferenceFailure? Check(string name, ulong byteSize) =>
        name.Length == 0 ? InferenceFailure.InvalidInput("'region name' is necessary to register system shared memory region")
        : name.Length > LongestName ? InferenceFailure.InvalidInput($"the name of a shared memory region has {name.Length} characters; allowed are {LongestName}")
        : byteSize == 0 ? InferenceFailure.InvalidInput($"failed to register shared memory region '{name}': invalid args: byte_size must be at least 1")
        : null;

    private static Outcome<SharedMemoryRegion> Open(string name, string key, ulong offset, ulong byteSize)
    {
        if (!SharedMemoryObject.Open(key).TryGetValue(out var handle, out var failure))
        {
            return failure;
        }

        if (SharedMemoryObject.TryGetLength(handle, out var length) && offset <= (ulong)length && byteSize <= (ulong)length - offset)
        {
            return new SharedMemoryRegion(name, key, offset, byteSize, handle);
        }

        handle.Dispose();
        return InferenceFailure.InvalidInput(
            $"failed to register shared memory region '{name}': invalid args: offset {offset} and byte_size {byteSize} reach beyond the {length} bytes of '{key}'");
    }
}
