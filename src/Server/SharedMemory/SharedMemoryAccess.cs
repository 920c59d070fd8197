using System.Diagnostics.CodeAnalysis;
using Serving.Runtime.Inference;
using Serving.Server.Auth;

namespace Serving.Server.SharedMemory;

/// <summary>
/// What one request may do with shared memory. Who may not register regions may not name them either: a client elsewhere shares no
/// memory with the server, and would only read and write that of others.
/// </summary>
/// <param name="registry">The regions.</param>
/// <param name="gate">Who may use them.</param>
/// <param name="context">The request.</param>
internal readonly struct SharedMemoryAccess(SharedMemoryRegistry registry, ManagementGate gate, HttpContext context)
{
    /// <summary>The regions, or why this request may not use them.</summary>
    public bool TryOpen([NotNullWhen(true)] out SharedMemoryRegistry? regions, [NotNullWhen(false)] out InferenceFailure? failure)
    {
        regions = registry;
        failure = registry is null ? InferenceFailure.Unsupported("shared memory cannot be used here") : registry.Refusal ?? gate.Check(context);
        return failure is null;
    }
}
