using System.Collections.Immutable;
using Serving.Runtime.Configuration;

namespace Serving.Runtime.Repository;

/// <summary>Reads a folder that holds one model: its configuration, its versions, its fingerprints.</summary>
internal sealed class ModelFolder
{
    // Hugging Face's exports have at least one of them.
    private static readonly string[] Markers = ["config.json", "tokenizer.json", "preprocessor_config.json"];

    private readonly Folder _folder;
    private readonly FolderTree _tree;
    private readonly List<string> _warnings = [];
    private readonly List<string> _problems = [];

    private ModelFolder(Folder folder)
    {
        _folder = folder;
        _tree = FolderTree.Read(folder);
    }

    /// <summary>Whether the folder holds a model, or was plainly meant to.</summary>
    public static bool IsModel(Folder folder) =>
        ModelConfigFile.IsIn(folder)
        || folder.HasFile(GraphSearch.DefaultName)
        || folder.FolderNames.Any(VersionName.IsMeant)
        || (folder.HasFolder(GraphSearch.Subfolder) && HoldsGraph(folder.OpenChild(GraphSearch.Subfolder)))
        || (HasMarker(folder) && HoldsGraph(folder));

    /// <summary>Whether files of a Hugging Face export lie in the folder.</summary>
    public static bool HasMarker(Folder folder) => Markers.Any(folder.HasFile);

    /// <summary>The model in <paramref name="folder"/>.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="name">The name that it is served under.</param>
    /// <param name="repository">The repository that it was found in.</param>
    /// <param name="expectedName">The name that config.pbtxt must repeat if it gives one; null where any will do.</param>
    /// <exception cref="IOException">A part of the folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A part of the folder may not be read.</exception>
    public static ModelSource Read(Folder folder, string name, string repository, string? expectedName) =>
        new ModelFolder(folder).Read(name, repository, () => ModelConfigFile.Read(folder, expectedName));

    /// <summary>The model in <paramref name="folder"/> under a configuration that takes the place of its own.</summary>
    /// <inheritdoc cref="Read(Folder, string, string, string?)"/>
    public static ModelSource Read(Folder folder, string name, string repository, ModelConfig config) =>
        new ModelFolder(folder).Read(name, repository, () => config);

    private static bool HoldsGraph(Folder folder) => folder.Files.Any(f => GraphSearch.IsGraph(f.Name));

    private ModelSource Read(string name, string repository, Func<ModelConfig> read)
    {
        var source = new ModelSource
        {
            Key = name.ToLowerInvariant(),
            Name = name,
            Repository = repository,
            Directory = _folder.Path,
            Location = _folder.Path,
            Fingerprint = Fingerprint.Of(_tree.Files),
            NewestWrite = _tree.NewestWrite,
        };

        ModelConfig config;
        try
        {
            config = read();
        }
        catch (ConfigException error)
        {
            return source with { Error = error.Message };
        }

        var versions = config.Steps.IsEmpty ? FindVersions(config.File) : WithoutGraphs(config);
        if (versions.IsEmpty && config.Task?.Name is not null)
        {
            // A task may ask other models; one that needs a graph says so when it is made.
            versions = WithoutGraphs(config);
        }

        return source with
        {
            Versions = versions,
            Config = config with { Warnings = versions.IsEmpty ? config.Warnings : [.. config.Warnings, .. _problems, .. _warnings] },
            Error = versions.IsEmpty ? string.Join("; ", _problems) : null,
        };
    }

    /// <summary>The versions of what has no graph of its own: its version folders, which are empty in Triton's repositories, or version 1.</summary>
    private ImmutableSortedDictionary<long, VersionSource> WithoutGraphs(ModelConfig config) =>
        _folder.FolderNames.Where(VersionName.IsMeant).Select(VersionName.Parse).OfType<long>().DefaultIfEmpty(1)
            .ToImmutableSortedDictionary(version => version, _ => new VersionSource(config.Source, Fingerprint.Of(_tree.Files)));

    private ImmutableSortedDictionary<long, VersionSource> FindVersions(string? file)
    {
        var versions = ImmutableSortedDictionary.CreateBuilder<long, VersionSource>();
        foreach (var name in _folder.FolderNames.Where(VersionName.IsMeant))
        {
            if (VersionName.Parse(name) is not { } version)
            {
                _problems.Add($"the folder {name} is not a version: allowed are integers from 1 to {long.MaxValue} without leading zeros");
                continue;
            }

            var graph = GraphSearch.In(_folder.OpenChild(name), file);
            if (graph.Path is null)
            {
                _problems.Add(graph.Problem);
            }
            else
            {
                versions.Add(version, new VersionSource(graph.Path, FingerprintOf(name)));
            }
        }

        AddUnversioned(versions, file);
        return versions.ToImmutable();
    }

    /// <summary>Without a version folder that has a graph, the one in the model's folder is version 1.</summary>
    private void AddUnversioned(ImmutableSortedDictionary<long, VersionSource>.Builder versions, string? file)
    {
        if (versions.Count > 0)
        {
            if (_folder.HasFile(GraphSearch.DefaultName))
            {
                _warnings.Add($"{GraphSearch.DefaultName} beside the version folders is not served");
            }

            return;
        }

        var graph = GraphSearch.In(_folder, file);
        if (graph.Path is not null)
        {
            versions.Add(1, new VersionSource(graph.Path, Fingerprint.Of(_tree.Files)));
        }
        else if (_problems.Count == 0)
        {
            _problems.Add(graph.Problem);
        }
    }

    /// <summary>Over the version's own files and those that are no version's.</summary>
    private string FingerprintOf(string version) => Fingerprint.Of(_tree.Files.Where(f =>
    {
        var top = f.Name.Split('/', 2);
        return top.Length == 1 || top[0] == version || !VersionName.IsMeant(top[0]);
    }));
}
