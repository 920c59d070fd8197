using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Serving.Runtime.Graphs;
using Serving.Runtime.Onnx;
using Serving.Runtime.Repository;

namespace Serving.Runtime.Models;

/// <summary>Files with the labels of an output's classes: where they lie, and what they say.</summary>
internal static class LabelFiles
{
    /// <summary>Arbitrary; the longest known lists have some twenty thousand labels and half a megabyte.</summary>
    private const int LongestFile = 16 * 1024 * 1024;

    /// <summary>The output that Hugging Face's exports of classifiers have.</summary>
    private const string HuggingFaceOutput = "logits";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The full path of each file: in the version's folder or else, as Triton has it, in the model's. Where the configuration names none,
    /// a Hugging Face export's own labels.
    /// </summary>
    public static ImmutableDictionary<string, string> Find(ModelSource source, long version, OnnxGraph graph) => source.Config.Labels.IsEmpty
        ? FindExported(source, graph)
        : source.Config.Labels.ToImmutableDictionary(labels => labels.Key, labels => Find(source.Directory, version, labels.Value));

    /// <summary>The labels: one a line, or those of a Hugging Face configuration.</summary>
    /// <exception cref="GraphException">It is no such file.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (new FileInfo(path).Length > LongestFile)
        {
            throw new GraphException($"the labels file '{path}' is longer than {LongestFile} bytes");
        }

        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return HuggingFaceLabels.Read(File.ReadAllBytes(path))
                ?? throw new GraphException($"the labels file '{path}' has no id2label with a text for each class from 0");
        }

        try
        {
            return [.. File.ReadLines(path, StrictUtf8).Select(line => line.Trim())];
        }
        catch (DecoderFallbackException)
        {
            throw new GraphException($"the labels file '{path}' is not UTF-8 text");
        }
    }

    private static string Find(string model, long version, string file)
    {
        var own = Path.GetFullPath(file, Path.Combine(model, version.ToString(CultureInfo.InvariantCulture)));
        return File.Exists(own) ? own : Path.GetFullPath(file, model);
    }

    /// <summary>Only where they can be meant for the output: a class for each label, and a row of classes for each request's row.</summary>
    private static ImmutableDictionary<string, string> FindExported(ModelSource source, OnnxGraph graph)
    {
        var path = Path.Combine(source.Directory, "config.json");
        var output = graph.Outputs.FirstOrDefault(t => t.Name == HuggingFaceOutput);
        var isFolder = source.Location == source.Directory;
        return isFolder && output is { HasRank: true, Shape.Rank: 2 } && new FileInfo(path) is { Exists: true, Length: <= LongestFile }
            && HuggingFaceLabels.Read(File.ReadAllBytes(path)) is { } labels && (output.Shape[1] < 0 || output.Shape[1] == labels.Count)
            ? ImmutableDictionary<string, string>.Empty.Add(HuggingFaceOutput, path)
            : [];
    }
}
