using System.Collections.Immutable;

namespace Serving.Runtime.Repository;

/// <summary>
/// Looks at the repositories once and says what models their files are. <c>docs/model-repository.md</c> describes the layouts.
/// Whatever is wrong with one model is said about that model, and harms no other.
/// </summary>
internal static class RepositoryScanner
{
    /// <param name="repositories">Folders of models, or of one model.</param>
    /// <param name="modelName">The name for a repository that is itself a model; null for its folder's name.</param>
    public static RepositoryScan Scan(IReadOnlyList<string> repositories, string? modelName)
    {
        var sources = new List<ModelSource>();
        var unreadable = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var repository in repositories.DistinctBy(r => Path.TrimEndingDirectorySeparator(Path.GetFullPath(r))))
        {
            try
            {
                sources.AddRange(ReadRepository(Folder.Open(repository), repository, modelName));
            }
            catch (Exception error) when (IsUnreadable(error))
            {
                unreadable[repository] = error is DirectoryNotFoundException ? "The folder does not exist." : error.Message;
            }
        }

        return new RepositoryScan(RefuseDuplicates(sources), unreadable.ToImmutable());
    }

    private static IEnumerable<ModelSource> ReadRepository(Folder root, string repository, string? modelName)
    {
        var name = modelName ?? (root.Name.Length > 0 ? root.Name : "model");
        if (IsItselfModel(root))
        {
            return [ReadModel(root, name, repository, modelName)];
        }

        var graphs = root.Files.Where(f => GraphSearch.IsGraph(f.Name)).ToList();
        return modelName is not null && graphs is [var only] && !HoldsModels(root)
            ? [BareModel.Read(root, only, modelName, repository)]
            : ReadAll(root, repository, allowGroups: true);
    }

    /// <summary>Whether the repository is a mount of one model. Models in folders of their own speak against it.</summary>
    private static bool IsItselfModel(Folder root)
    {
        if (ModelConfigFile.IsIn(root))
        {
            return true;
        }

        var graphs = root.Files.Count(f => GraphSearch.IsGraph(f.Name));
        var isSingle = graphs == 1 && (root.HasFile(GraphSearch.DefaultName) || ModelFolder.HasMarker(root));
        var isExport = ModelFolder.HasMarker(root) && (root.HasFile(GraphSearch.DefaultName) || root.HasFolder(GraphSearch.Subfolder));
        var isVersioned = root.FolderNames.Any(name => VersionName.Parse(name) is not null && HoldsGraph(root, name));
        return (isSingle || isExport || isVersioned) && !HoldsModels(root);
    }

    private static bool HoldsGraph(Folder root, string name) => Check(root, name, static child => child.Files.Any(f => GraphSearch.IsGraph(f.Name)));

    private static bool HoldsModels(Folder root) => root.FolderNames.Any(name =>
        name != GraphSearch.Subfolder && !VersionName.IsMeant(name) && Check(root, name, ModelFolder.IsModel));

    private static bool Check(Folder root, string name, Func<Folder, bool> condition)
    {
        try
        {
            return condition(root.OpenChild(name));
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return false;
        }
    }

    private static bool IsUnreadable(Exception error) => error is IOException or UnauthorizedAccessException;

    private static List<ModelSource> ReadAll(Folder folder, string repository, bool allowGroups)
    {
        var sources = BareModel.ReadAll(folder, repository).ToList();
        sources.AddRange(folder.BrokenLinks.Select(link => Broken(folder, link.Key, repository, link.Value)));
        foreach (var name in folder.FolderNames)
        {
            try
            {
                sources.AddRange(ReadFolder(folder.OpenChild(name), repository, allowGroups));
            }
            catch (Exception error) when (IsUnreadable(error))
            {
                sources.Add(Broken(folder, name, repository, error.Message));
            }
        }

        return sources;
    }

    private static IEnumerable<ModelSource> ReadFolder(Folder folder, string repository, bool allowGroups)
    {
        if (ModelFolder.IsModel(folder))
        {
            return [ReadModel(folder, folder.Name, repository, folder.Name)];
        }

        var grouped = allowGroups ? ReadAll(folder, repository, allowGroups: false) : [];
        return grouped.Count == 0 && ModelFolder.HasMarker(folder) ? [ReadModel(folder, folder.Name, repository, folder.Name)] : grouped;
    }

    private static ModelSource ReadModel(Folder folder, string name, string repository, string? expectedName)
    {
        try
        {
            return ModelFolder.Read(folder, name, repository, expectedName);
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return Unreadable(name, repository, folder.Path, error.Message);
        }
    }

    private static ModelSource Broken(Folder folder, string entry, string repository, string error) =>
        Unreadable(GraphSearch.IsGraph(entry) ? Path.GetFileNameWithoutExtension(entry) : entry, repository, Path.Combine(folder.Path, entry), error);

    private static ModelSource Unreadable(string name, string repository, string path, string error) => new()
    {
        Key = name.ToLowerInvariant(),
        Name = name,
        Repository = repository,
        Directory = path,
        Location = path,
        Error = error,
        Fingerprint = Fingerprint.Of(error),

        // When it was written is unknown, so only seeing it unchanged can settle it.
        NewestWrite = DateTimeOffset.MaxValue,
    };

    private static ImmutableArray<ModelSource> RefuseDuplicates(List<ModelSource> sources)
    {
        var first = new Dictionary<string, ModelSource>(StringComparer.Ordinal);

        // Overlapping repositories find the same files twice, which is no conflict.
        var different = sources.DistinctBy(s => (s.Key, s.Location));
        return [.. different.Select(source => first.TryAdd(source.Key, source) ? source : Refuse(source, first[source.Key]))];
    }

    private static ModelSource Refuse(ModelSource second, ModelSource first) => second with
    {
        Key = $"{second.Key} {second.Location}",
        Versions = ImmutableSortedDictionary<long, VersionSource>.Empty,
        Error = $"The name '{second.Name}' of {second.Location} is taken by {first.Location}; upper and lower case are not told apart. "
            + "Rename one of them.",
    };
}
