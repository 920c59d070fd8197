namespace Serving.Runtime.Repository;

/// <summary>All files of a folder and the folders in it, by their paths inside it, separated by slashes.</summary>
internal sealed class FolderTree
{
    // More files than this are no model but a mistake, such as a link to a disk; arbitrary.
    private const int MostFiles = 100_000;

    private readonly List<FolderFile> _files = [];

    private FolderTree()
    {
    }

    public IReadOnlyList<FolderFile> Files => _files;

    /// <summary>When a file or folder was last written.</summary>
    public DateTimeOffset NewestWrite { get; private set; }

    /// <exception cref="IOException">A part cannot be read, or a link in it leads nowhere or back.</exception>
    /// <exception cref="UnauthorizedAccessException">A part may not be read.</exception>
    public static FolderTree Read(Folder folder)
    {
        var tree = new FolderTree();
        tree.Add(folder, "");
        return tree;
    }

    private void Add(Folder folder, string prefix)
    {
        foreach (var problem in folder.BrokenLinks.Values)
        {
            throw new IOException(problem);
        }

        if (_files.Count + folder.Files.Count > MostFiles)
        {
            throw new IOException($"More than {MostFiles} files lie in the model's folder.");
        }

        Note(folder.Modified);
        foreach (var file in folder.Files)
        {
            _files.Add(file with { Name = prefix + file.Name });
            Note(file.Modified);
        }

        foreach (var name in folder.FolderNames)
        {
            Add(folder.OpenChild(name), $"{prefix}{name}/");
        }
    }

    private void Note(DateTimeOffset written)
    {
        if (written > NewestWrite)
        {
            NewestWrite = written;
        }
    }
}
