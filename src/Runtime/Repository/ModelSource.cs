using System.Collections.Immutable;
using System.Globalization;
using Serving.Runtime.Configuration;

namespace Serving.Runtime.Repository;

/// <summary>A model as its files are now: what there is to load, or why nothing can be.</summary>
internal sealed record ModelSource
{
    /// <summary>Unique within a scan. The name in lower case, except for a name found twice: the second then has its path too.</summary>
    public required string Key { get; init; }

    /// <summary>The name as the files spell it.</summary>
    public required string Name { get; init; }

    /// <summary>The repository folder that it was found in, as it was given.</summary>
    public required string Repository { get; init; }

    /// <summary>The model's folder, which relative paths of its configuration start from; for a bare file, the folder that it lies in.</summary>
    public required string Directory { get; init; }

    /// <summary>The model's folder, or the file of a bare one, for messages.</summary>
    public required string Location { get; init; }

    /// <summary>Every version that has a graph; the configuration's version policy chooses among them.</summary>
    public ImmutableSortedDictionary<long, VersionSource> Versions { get; init; } = ImmutableSortedDictionary<long, VersionSource>.Empty;

    /// <summary>What the user wrote about it, and what was odd about its files among the warnings.</summary>
    public ModelConfig Config { get; init; } = ModelConfig.Empty;

    /// <summary>Why the model cannot be loaded as its files are now; null where it can.</summary>
    public string? Error { get; init; }

    /// <summary>Changes when, and only when, a file of the model changes.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>When a file or folder of the model was last written, by the file system's clock.</summary>
    public required DateTimeOffset NewestWrite { get; init; }

    /// <summary>False while its files may still be being copied: what runs goes on, and nothing is read yet.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Where a client sent the files; null where they lie in the repository.</summary>
    public UploadedFiles? Upload { get; init; }

    /// <summary>The graph's file as <c>file</c> in model.yaml would name it.</summary>
    public string FileNameOf(long version)
    {
        var path = Path.GetRelativePath(Directory, Versions[version].GraphPath).Replace('\\', '/');
        var folder = version.ToString(CultureInfo.InvariantCulture) + "/";
        return path.StartsWith(folder, StringComparison.Ordinal) ? path[folder.Length..] : path;
    }
}
