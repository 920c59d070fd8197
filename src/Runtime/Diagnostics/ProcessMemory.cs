using System.Runtime.InteropServices;

namespace Serving.Runtime.Diagnostics;

/// <summary>
/// Gives freed memory back to the system: the heap's, which on machines with large caches grows by tens of megabytes before
/// it is collected, and the native heap's, because glibc keeps what it frees until it is told to let go.
/// </summary>
internal static partial class ProcessMemory
{
    private static bool _supported = OperatingSystem.IsLinux();

    /// <summary>Worth its milliseconds only after something large is gone, such as a model.</summary>
    public static void Return()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!_supported)
        {
            return;
        }

        try
        {
            TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no such call and keeps little.
            _supported = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nuint pad);
}
