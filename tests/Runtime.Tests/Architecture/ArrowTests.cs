using System.Text.RegularExpressions;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Architecture;

/// <summary>The house's arrows, read from the lines that name namespaces.</summary>
public sealed partial class ArrowTests
{
    private const int LongestFile = 500;
    private const int MedianFile = 80;

    [Fact]
    public void Contracts_KnowsNeitherRuntimeNorServerNorAspNet() =>
        None(Names("src/Contracts").Where(n => Regex.IsMatch(n.Name, @"^(Serving\.(Runtime|Server)|Microsoft\.AspNetCore)")));

    [Fact]
    public void Runtime_KnowsNeitherContractsNorServerNorAspNet() =>
        None(Names("src/Runtime").Where(n => Regex.IsMatch(n.Name, @"^(Serving\.(Contracts|Server)|Microsoft\.AspNetCore|Google\.Protobuf)")));

    [Fact]
    public void OnnxRuntime_IsNamedOnlyInItsFolder() =>
        None(Names("src").Where(n => n.Name.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal) && !n.File.StartsWith("src/Runtime/Onnx/", StringComparison.Ordinal)));

    [Fact]
    public void RestAndGrpc_DoNotSeeOneAnother()
    {
        None(Names("src/Server/Rest").Where(n => n.Name.StartsWith("Serving.Server.Grpc", StringComparison.Ordinal)));
        None(Names("src/Server/Grpc").Where(n => n.Name.StartsWith("Serving.Server.Rest", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatTheProtocolsShare_KnowsNeitherOfThem()
    {
        foreach (var shared in (string[])["SharedMemory", "Classification", "Outputs"])
        {
            None(Names($"src/Server/{shared}").Where(n => Regex.IsMatch(n.Name, @"^Serving\.Server\.(Rest|Grpc)")));
        }
    }

    [Fact]
    public void Foundations_DoNotSeeWhatIsBuiltOnThem()
    {
        string[] upper = ["Batching", "Models", "Repository", "Onnx", "Graphs", "Configuration"];
        foreach (var lower in (string[])["Tensors", "Inference"])
        {
            None(Names($"src/Runtime/{lower}").Where(n => upper.Any(u => n.Name.StartsWith($"Serving.Runtime.{u}", StringComparison.Ordinal))));
        }

        None(Names("src/Runtime/Repository").Where(n => Regex.IsMatch(n.Name, @"^Serving\.Runtime\.(Models|Batching|Onnx)")));
        None(Names("src/Runtime/Onnx").Where(n => Regex.IsMatch(n.Name, @"^Serving\.Runtime\.(Models|Batching|Repository)")));
    }

    [Fact]
    public void Files_AreSmall()
    {
        var lengths = Sources("src").Select(file => (File: file, Lines: File.ReadLines(Path.Combine(SourceTree.Root, file)).Count())).OrderBy(f => f.Lines).ToList();
        None(lengths.Where(f => f.Lines > LongestFile));
        Assert.True(lengths[lengths.Count / 2].Lines <= MedianFile, $"the median file has {lengths[lengths.Count / 2].Lines} lines");
    }

    [Fact]
    public void Sources_HoldNothingUnfinished() =>
        None(Sources("src").Where(file => Unfinished().IsMatch(File.ReadAllText(Path.Combine(SourceTree.Root, file)))));

    private static void None<T>(IEnumerable<T> wrong) => Assert.Empty(wrong);

    private static IEnumerable<(string File, string Name)> Names(string folder) =>
        from file in Sources(folder)
        from Match match in UsedNames().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, file)))
        select (file, match.Value);

    private static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/'));

    [GeneratedRegex(@"(Serving\.(Contracts|Runtime|Server)|Microsoft\.(AspNetCore|ML\.OnnxRuntime)|Google\.Protobuf)(\.\w+)*")]
    private static partial Regex UsedNames();

    [GeneratedRegex("TODO|FIXME|HACK|NotImplementedException")]
    private static partial Regex Unfinished();
}
