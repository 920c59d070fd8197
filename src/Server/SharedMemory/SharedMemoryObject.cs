using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Serving.Runtime.Inference;

namespace Serving.Server.SharedMemory;

/// <summary>Opens POSIX shared memory by its key, as the C library does: never through a link, and only what lies directly in its folder.</summary>
internal static partial class SharedMemoryObject
{
    /// <summary>As file systems have it; the C library refuses longer names.</summary>
    private const int LongestName = 255;

    private const int ReadWrite = 2;

    /// <summary>What the key opens, for reading and writing. The caller owns the handle.</summary>
    public static Outcome<SafeFileHandle> Open(string key)
    {
        if (!IsPlainName(key))
        {
            return InferenceFailure.InvalidInput(
                $"Unable to open shared memory region: '{key}': expected a name such as '/data', of at most {LongestName} characters and without further slashes");
        }

        var descriptor = ShmOpen(key, ReadWrite, 0);
        if (descriptor < 0)
        {
            return Failed(key, Marshal.GetLastPInvokeErrorMessage());
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (TryGetLength(handle, out _))
        {
            return handle;
        }

        handle.Dispose();
        return Failed(key, "it is no shared memory");
    }

    /// <summary>How many bytes the object has now; false where it is no file, but a pipe for example.</summary>
    public static bool TryGetLength(SafeFileHandle handle, out long length)
    {
        try
        {
            length = RandomAccess.GetLength(handle);
            return true;
        }
        catch (NotSupportedException)
        {
            length = 0;
            return false;
        }
    }

    private static bool IsPlainName(string key)
    {
        var name = key.StartsWith('/') ? key.AsSpan(1) : key;
        return name.Length is > 0 and <= LongestName && name is not ("." or "..") && !name.ContainsAny('/', '\0');
    }

    private static InferenceFailure Failed(string key, string reason) =>
        InferenceFailure.InvalidInput($"Unable to open shared memory region: '{key}': {reason}");

    [LibraryImport("libc", EntryPoint = "shm_open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ShmOpen(string name, int flags, uint mode);
}
