using System.IO.MemoryMappedFiles;
using Serving.TestKit.Source;

namespace Serving.Fuzz.Engine;

/// <summary>
/// The input being tried, in a file that outlives the process: a stack that overflows leaves nothing else behind.
/// </summary>
internal sealed class LastInput : IDisposable
{
    private const int Bytes = sizeof(int) + (4 * 1024 * 1024);

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private LastInput(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Not shared: a second run of the same target would take the first one's input for that of a process that died.
        var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        _file = MemoryMappedFile.CreateFromFile(stream, null, Bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Opens the file of a target. <paramref name="fatal"/> is the input at which the process before this one died, if it did.</summary>
    public static LastInput Open(FuzzTarget target, out byte[]? fatal)
    {
        var path = Path.Combine(SourceTree.Root, "artifacts", "fuzz", target.Name + ".last");
        fatal = null;
        if (File.Exists(path))
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            fatal = reader.ReadBytes(reader.ReadInt32());
        }

        return new LastInput(path);
    }

    public void Set(byte[] input)
    {
        var length = Math.Min(input.Length, Bytes - sizeof(int));
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
    }

    /// <summary>Deletes the file: nothing died.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
