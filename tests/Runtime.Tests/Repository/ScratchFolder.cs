namespace Serving.Runtime.Tests.Repository;

/// <summary>A folder of its own for one test, deleted afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>When every file was last written, unless a test says otherwise.</summary>
    public static readonly DateTimeOffset Written = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Path { get; } = Directory.CreateTempSubdirectory("serving-repository-").FullName;

    /// <summary>The full path of an entry, given with slashes.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>Writes files, creating the folders they lie in; all times are <see cref="Written"/>.</summary>
    public ScratchFolder Add(params string[] names)
    {
        foreach (var name in names)
        {
            Write(name, name);
        }

        return this;
    }

    public ScratchFolder Write(string name, string text, DateTimeOffset? written = null)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        Touch(written ?? Written);
        return SetTime(name, written ?? Written);
    }

    public ScratchFolder SetTime(string name, DateTimeOffset written)
    {
        File.SetLastWriteTimeUtc(this[name], written.UtcDateTime);
        return this;
    }

    public ScratchFolder AddFolder(string name)
    {
        Directory.CreateDirectory(this[name]);
        Touch(Written);
        return this;
    }

    public ScratchFolder LinkFolder(string name, string target)
    {
        Directory.CreateSymbolicLink(this[name], target);
        return this;
    }

    public ScratchFolder LinkFile(string name, string target)
    {
        File.CreateSymbolicLink(this[name], target);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Touch(DateTimeOffset written)
    {
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).Append(Path))
        {
            Directory.SetLastWriteTimeUtc(folder, written.UtcDateTime);
        }
    }
}
