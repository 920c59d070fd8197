namespace Serving.Server.Tests.SharedMemory;

/// <summary>An object of POSIX shared memory, as a client makes it, removed afterwards.</summary>
internal sealed class SharedMemoryFile : IDisposable
{
    private readonly string _path;

    public SharedMemoryFile(int length)
    {
        var name = $"serving-test-{Guid.NewGuid():N}";
        Key = "/" + name;
        _path = Path.Combine("/dev/shm", name);
        Write(0, new byte[length]);
    }

    public string Key { get; }

    public static SharedMemoryFile Of(byte[] bytes)
    {
        var file = new SharedMemoryFile(bytes.Length);
        file.Write(0, bytes);
        return file;
    }

    public byte[] ReadAll() => File.ReadAllBytes(_path);

    public byte[] Read(int offset, int length) => ReadAll()[offset..(offset + length)];

    public void Write(long offset, byte[] bytes)
    {
        using var stream = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        stream.Position = offset;
        stream.Write(bytes);
    }

    public void Truncate(long length)
    {
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.SetLength(length);
    }

    public void Remove() => File.Delete(_path);

    public void Dispose() => Remove();
}
