using System.Collections.Immutable;

namespace Serving.Runtime.Repository;

/// <summary>
/// Reads graphs that lie in a repository without a folder of their own: <c>NAME.onnx</c>, and with it the files whose names begin with <c>NAME.</c>
/// </summary>
internal static class BareModel
{
    /// <summary>The bare models of a folder.</summary>
    public static IEnumerable<ModelSource> ReadAll(Folder folder, string repository) =>
        Graphs(folder).Select(graph => Read(folder, graph, Stem(graph), repository));

    /// <summary>One bare model, under the name given.</summary>
    public static ModelSource Read(Folder folder, FolderFile graph, string name, string repository)
    {
        var files = FilesOf(folder, graph);
        var path = Path.Combine(folder.Path, graph.Name);
        var fingerprint = Fingerprint.Of(files);
        return new ModelSource
        {
            Key = name.ToLowerInvariant(),
            Name = name,
            Repository = repository,
            Directory = folder.Path,
            Location = path,
            Versions = ImmutableSortedDictionary<long, VersionSource>.Empty.Add(1, new VersionSource(path, fingerprint)),
            Fingerprint = fingerprint,
            NewestWrite = files.Max(f => f.Modified),
        };
    }

    private static List<FolderFile> FilesOf(Folder folder, FolderFile graph)
    {
        var stem = Stem(graph);
        var longerStems = Graphs(folder).Select(Stem).Where(s => s.Length > stem.Length).ToList();
        var others = folder.Files.Where(f => !GraphSearch.IsGraph(f.Name) && Belongs(f, stem) && !longerStems.Exists(s => Belongs(f, s)));
        return [graph, .. others];
    }

    private static IEnumerable<FolderFile> Graphs(Folder folder) => folder.Files.Where(f => GraphSearch.IsGraph(f.Name));

    private static string Stem(FolderFile graph) => Path.GetFileNameWithoutExtension(graph.Name);

    private static bool Belongs(FolderFile file, string stem) => file.Name.StartsWith(stem + ".", StringComparison.Ordinal);
}
