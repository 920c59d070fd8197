using Serving.TestKit.Graphs;

namespace Serving.Conformance.Fixtures;

/// <summary>A model of the fixture repository: a graph for each version, Triton's configuration, and other files by name.</summary>
internal sealed record FixtureModel(string Name, OnnxGraphBuilder[] Versions, string Config)
{
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    public void Save(string repository)
    {
        var folder = Directory.CreateDirectory(Path.Combine(repository, Name)).FullName;
        for (var version = 1; version <= Versions.Length; version++)
        {
            Versions[version - 1].Save(Path.Combine(folder, $"{version}", "model.onnx"));
        }

        File.WriteAllText(Path.Combine(folder, "config.pbtxt"), $"name: \"{Name}\"\nbackend: \"onnxruntime\"\n{Config}");
        foreach (var (name, text) in Files)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }
}
