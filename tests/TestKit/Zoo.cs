using System.IO.Compression;
using Serving.TestKit.Source;

namespace Serving.TestKit;

/// <summary>The real architectures of <c>tests/zoo</c>, unpacked once a process, and their reference cases.</summary>
public static class Zoo
{
    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>The relative tolerance of every comparison: of the reference output's largest magnitude.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>A repository with all models, in one grouping folder per archive.</summary>
    public static string Root => Unpacked.Value;

    /// <summary>The models' names, each with its folder.</summary>
    public static IReadOnlyDictionary<string, string> Models { get; } = Directory
        .EnumerateFiles(Root, "model.onnx", SearchOption.AllDirectories)
        .Select(file => Path.GetDirectoryName(file)!)
        .ToDictionary(folder => Path.GetFileName(folder));

    /// <summary>A model's reference cases.</summary>
    public static IReadOnlyList<ZooCase> Cases(string model) =>
    [
        .. from entry in Npz.Read(Path.Combine(Models[model], "io.npz"))
           let parts = entry.Key.Split('|', 3)
           group (Direction: parts[1], Tensor: parts[2], Array: entry.Value) by parts[0] into one
           orderby one.Key
           select new ZooCase(
               one.Key,
               one.Where(t => t.Direction == "in").ToDictionary(t => t.Tensor, t => t.Array),
               one.Where(t => t.Direction == "out").ToDictionary(t => t.Tensor, t => t.Array)),
    ];

    private static string Unpack()
    {
        var root = Path.Combine(Path.GetTempPath(), $"serving-zoo-{Environment.ProcessId}");
        foreach (var archive in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests", "zoo"), "*.zip"))
        {
            ZipFile.ExtractToDirectory(archive, root, overwriteFiles: true);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    }
}
