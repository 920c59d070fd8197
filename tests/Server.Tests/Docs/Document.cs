using System.Text.RegularExpressions;
using Serving.TestKit.Source;

namespace Serving.Server.Tests.Docs;

/// <summary>A document of the repository, and what in it can be held to the code.</summary>
internal sealed partial class Document
{
    private const string Indent = "    ";

    private readonly string _folder;

    public Document(string path)
    {
        Path = path;
        Text = SourceTree.Read(path);
        _folder = System.IO.Path.Combine(SourceTree.Root, System.IO.Path.GetDirectoryName(path)!);
    }

    public string Path { get; }

    public string Text { get; }

    /// <summary>The documents that a person reads: those of docs/ and those that stand at the top.</summary>
    public static IEnumerable<string> All { get; } =
    [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "examples/README.md",
        .. Directory.EnumerateFiles(System.IO.Path.Combine(SourceTree.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(SourceTree.Root, file))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Its indented blocks, without the indentation.</summary>
    public IReadOnlyList<string> Blocks =>
    [
        .. from match in Block().Matches(Text + "\n")
           let lines = match.Value.TrimEnd('\n').Split('\n')
           select string.Join('\n', lines.Select(line => line.Length > Indent.Length ? line[Indent.Length..] : "")),
    ];

    /// <summary>The options of the command line that it names.</summary>
    public IReadOnlySet<string> Options => Option().Matches(Text).Select(match => match.Value).ToHashSet();

    /// <summary>Links to files of the repository that are not there, or to headings that are not in them.</summary>
    public IEnumerable<string> BrokenLinks() =>
        from match in Link().Matches(Text)
        let target = match.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal)
        let parts = target.Split('#', 2)
        let file = parts[0].Length == 0 ? System.IO.Path.Combine(SourceTree.Root, Path) : System.IO.Path.Combine(_folder, parts[0])
        where !(File.Exists(file) || Directory.Exists(file)) || (parts.Length == 2 && !HasHeading(file, parts[1]))
        select target;

    /// <summary>Paths in code marks that begin with a folder of the repository and lead nowhere.</summary>
    public IEnumerable<string> MissingPaths() =>
        CodePath().Matches(Text).Select(match => match.Groups[1].Value)
            .Where(path => !System.IO.Path.Exists(System.IO.Path.Combine(SourceTree.Root, path)));

    private static bool HasHeading(string file, string anchor) => File.ReadLines(file)
        .Where(line => line.StartsWith('#'))
        .Any(line => NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-') == anchor);

    [GeneratedRegex(@"(?<=\n\n)(?:    .*\n|\n(?=    ))+")]
    private static partial Regex Block();

    [GeneratedRegex("(?<![-\\w])--[a-z][a-z-]+")]
    private static partial Regex Option();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|eng|docs|examples|deploy|loadtests)/[\w./-]*)`")]
    private static partial Regex CodePath();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
