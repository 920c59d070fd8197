using System.Globalization;

namespace Serving.Server.Tracing;

/// <summary>
/// A trace file by its full name. It holds one JSON array that is complete after every <see cref="Append"/>. Written by one thread.
/// </summary>
internal sealed class TraceFile(string path)
{
    /// <summary>What file systems allow, less an index.</summary>
    private const int LongestName = 240;

    private int _index;
    private bool _begun;

    public string Path => path;

    /// <summary>The full name of a file in the folder; null where the name leads elsewhere or is none.</summary>
    public static string? Resolve(string directory, string name)
    {
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
        {
            return null;
        }

        var folder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(directory));
        var full = System.IO.Path.GetFullPath(name, folder);
        return System.IO.Path.GetDirectoryName(full) == folder && !Directory.Exists(full) ? full : null;
    }

    /// <summary>The name of the next file with an index.</summary>
    public string NextIndexed() => string.Create(CultureInfo.InvariantCulture, $"{path}.{_index++}");

    /// <summary>Whether the next trace is the first that goes to the file without an index.</summary>
    public bool TryBegin() => !_begun && (_begun = true);

    /// <summary>Adds elements, separated by commas, to the array in a file.</summary>
    /// <param name="file">This file or one with an index.</param>
    /// <param name="begins">Whether what the file held before goes.</param>
    /// <param name="elements">JSON.</param>
    public static void Append(string file, bool begins, ReadOnlySpan<byte> elements)
    {
        if (new FileInfo(file).LinkTarget is not null)
        {
            throw new IOException("it is a symbolic link, which could lead anywhere");
        }

        using var stream = new FileStream(file, begins ? FileMode.Create : FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        if (stream.Length == 0)
        {
            stream.Write("["u8);
        }
        else
        {
            stream.Seek(-1, SeekOrigin.End);
            stream.Write(",\n"u8);
        }

        stream.Write(elements);
        stream.Write("]"u8);
    }
}
