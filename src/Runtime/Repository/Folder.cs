namespace Serving.Runtime.Repository;

/// <summary>
/// What lies directly in one folder, in the order of the names. Links are followed; hidden and temporary entries are left out.
/// </summary>
internal sealed class Folder
{
    private readonly Folder? _parent;
    private readonly string _realPath;
    private readonly List<FolderFile> _files = [];
    private readonly List<string> _folders = [];
    private readonly Dictionary<string, string> _broken = new(StringComparer.Ordinal);

    private Folder(string path, string realPath, Folder? parent)
    {
        Path = path;
        _realPath = realPath;
        _parent = parent;
    }

    /// <summary>The full path, links not resolved.</summary>
    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>When an entry was last added or removed.</summary>
    public DateTimeOffset Modified { get; private set; }

    public IReadOnlyList<FolderFile> Files => _files;

    public IReadOnlyList<string> FolderNames => _folders;

    /// <summary>Links that lead nowhere, each with what is to be said about it.</summary>
    public IReadOnlyDictionary<string, string> BrokenLinks => _broken;

    public bool HasFile(string name) => _files.Exists(f => f.Name == name);

    public bool HasFolder(string name) => _folders.Contains(name);

    /// <summary>Reads a folder that is not looked at from another one.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Folder Open(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        return Read(new Folder(full, RealPath.Of(full), null));
    }

    /// <summary>Reads a folder inside this one.</summary>
    /// <exception cref="IOException">It cannot be read, or is a link that leads back to a folder that it lies in.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public Folder OpenChild(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        var isLink = new DirectoryInfo(path).LinkTarget is not null;
        var realPath = isLink ? RealPath.Of(path) : System.IO.Path.Combine(_realPath, name);
        for (var folder = this; isLink && folder is not null; folder = folder._parent)
        {
            if (folder._realPath == realPath)
            {
                throw new IOException($"The link {path} leads back to {folder.Path}, which it lies in.");
            }
        }

        return Read(new Folder(path, realPath, this));
    }

    private static Folder Read(Folder folder)
    {
        var directory = new DirectoryInfo(folder.Path);
        folder.Modified = directory.ResolveLinkTarget(returnFinalTarget: true)?.LastWriteTimeUtc ?? directory.LastWriteTimeUtc;
        foreach (var entry in directory.EnumerateFileSystemInfos().Where(e => !IsIgnored(e.Name)).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            folder.Add(entry);
        }

        return folder;
    }

    private static bool IsIgnored(string name) =>
        name.StartsWith('.')
        || name.EndsWith(".tmp", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".part", StringComparison.OrdinalIgnoreCase)
        // File systems keep it at their root, and let nobody read it.
        || name == "lost+found";

    private void Add(FileSystemInfo entry)
    {
        var target = entry;
        if (entry.LinkTarget is not null)
        {
            target = Resolve(entry);
            if (target is not { Exists: true })
            {
                _broken.Add(entry.Name, $"The link {entry.FullName} leads nowhere: {entry.LinkTarget} does not exist.");
                return;
            }
        }

        if (target is FileInfo file)
        {
            _files.Add(new FolderFile(entry.Name, file.Length, file.LastWriteTimeUtc));
        }
        else
        {
            _folders.Add(entry.Name);
        }
    }

    /// <summary>What a link leads to in the end; null where that is itself, over a circle of links.</summary>
    private static FileSystemInfo? Resolve(FileSystemInfo link)
    {
        try
        {
            var target = link.ResolveLinkTarget(returnFinalTarget: true)!;
            return Directory.Exists(target.FullName) ? new DirectoryInfo(target.FullName) : new FileInfo(target.FullName);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
