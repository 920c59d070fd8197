using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Serving.Runtime.Images.Decoding;

/// <summary>The functions of libvips' C API that decoding needs. Called only where <see cref="VipsLibrary"/> has loaded it.</summary>
internal static unsafe partial class VipsNative
{
    /// <summary>The name that <see cref="VipsLibrary"/> resolves.</summary>
    public const string Library = "vips";

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Initialise(string program);

    [LibraryImport(Library, EntryPoint = "vips_version")]
    public static partial int Version(int part);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    public static partial void SetCacheMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    public static partial void SetConcurrency(int threads);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetBlocked(string type, int blocked);

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint SetLogHandler(string domain, int levels, delegate* unmanaged[Cdecl]<nint, int, nint, nint, void> handler, nint data);

    /// <summary>
    /// <c>vips_image_new_from_buffer(buffer, length, options, ...)</c> with its list of further options ended at once. On Apple's
    /// ARM64 the list begins on the stack, elsewhere after the third argument: both places say that it is empty.
    /// </summary>
    [LibraryImport(Library, EntryPoint = "vips_image_new_from_buffer")]
    public static partial nint NewFromBuffer(
        byte* buffer, nuint length, byte* options, nint end, nint register5, nint register6, nint register7, nint register8, nint endOnStack);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width"), SuppressGCTransition]
    public static partial int Width(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height"), SuppressGCTransition]
    public static partial int Height(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands"), SuppressGCTransition]
    public static partial int Bands(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format"), SuppressGCTransition]
    public static partial int Format(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation"), SuppressGCTransition]
    public static partial int Interpretation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_orientation")]
    public static partial int Orientation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_region_new")]
    public static partial nint NewRegion(nint image);

    /// <summary>A copy of a rectangle's samples, to be given to <see cref="Free"/>; null where it cannot be decoded.</summary>
    [LibraryImport(Library, EntryPoint = "vips_region_fetch")]
    public static partial byte* Fetch(nint region, int left, int top, int width, int height, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_error_clear")]
    public static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    public static partial void Unreference(nint instance);

    [LibraryImport(Library, EntryPoint = "g_free")]
    public static partial void Free(byte* memory);

    /// <summary>Takes log lines and drops them.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void DropLogLine(nint domain, int level, nint message, nint data)
    {
    }
}
