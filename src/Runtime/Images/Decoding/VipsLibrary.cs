using System.Reflection;
using System.Runtime.InteropServices;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Images.Decoding;

/// <summary>
/// Finds libvips when the first picture comes and prepares it once: no cache of operations, no threads of its own, and of
/// all its readers only the four that <see cref="FormatSniffer"/> lets through.
/// </summary>
internal static unsafe class VipsLibrary
{
    private const int WarningLevel = 1 << 4;

    private static readonly Lazy<InferenceFailure?> Refusal = new(Load);
    private static nint _handle;

    /// <summary>Null where pictures can be decoded, otherwise what is missing.</summary>
    public static InferenceFailure? Missing => Refusal.Value;

    private static string FileName =>
        OperatingSystem.IsWindows() ? "libvips-42.dll" : OperatingSystem.IsMacOS() ? "libvips.42.dylib" : "libvips.so.42";

    private static InferenceFailure? Load()
    {
        // Beside the server, where the build puts it, then wherever the system keeps its libraries.
        if (!NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, FileName), out _handle) && !NativeLibrary.TryLoad(FileName, out _handle))
        {
            return InferenceFailure.Unsupported($"pictures cannot be decoded: the library {FileName} (libvips) is neither beside the server nor among the system's libraries");
        }

        NativeLibrary.SetDllImportResolver(typeof(VipsLibrary).Assembly, Resolve);
        if (VipsNative.Initialise("serving") != 0)
        {
            VipsNative.ClearErrors();
            return InferenceFailure.Unsupported($"pictures cannot be decoded: the library {FileName} (libvips) could not be initialised");
        }

        VipsNative.SetLogHandler("VIPS", WarningLevel, &VipsNative.DropLogLine, 0);
        VipsNative.SetCacheMax(0);
        VipsNative.SetConcurrency(1);
        VipsNative.SetBlocked("VipsForeignLoad", 1);
        foreach (var reader in (string[])["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif"])
        {
            VipsNative.SetBlocked(reader, 0);
        }

        return null;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == VipsNative.Library ? _handle : 0;
}
