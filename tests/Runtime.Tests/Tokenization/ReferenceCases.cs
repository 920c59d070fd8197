using System.IO.Compression;
using System.Text.Json;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Tokenization;

/// <summary>
/// What the reference library makes of random texts: tests/tokenizers/references.zip, or a folder of the same files that the
/// environment names, for more texts by hand (see tests/tokenizers/oracle/make.mjs).
/// </summary>
internal static class ReferenceCases
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SERVING_TOKENIZER_CASES");
    private static readonly string Archive = Path.Combine(SourceTree.Root, "tests", "tokenizers", "references.zip");

    /// <summary>The tokenizers' names.</summary>
    public static IEnumerable<string> Names()
    {
        const string Ending = ".cases.json";
        if (Folder is not null)
        {
            return [.. Directory.EnumerateFiles(Folder, "*" + Ending).Select(f => Path.GetFileName(f)[..^Ending.Length]).Order(StringComparer.Ordinal)];
        }

        using var zip = ZipFile.OpenRead(Archive);
        return [.. zip.Entries.Where(e => e.Name.EndsWith(Ending, StringComparison.Ordinal)).Select(e => e.Name[..^Ending.Length])];
    }

    /// <summary>A tokenizer's file.</summary>
    public static byte[] Tokenizer(string name) => Read($"{name}.tokenizer.json");

    /// <summary>Its cases.</summary>
    public static JsonDocument Cases(string name) => JsonDocument.Parse(Read($"{name}.cases.json"));

    private static byte[] Read(string file)
    {
        if (Folder is not null)
        {
            return File.ReadAllBytes(Path.Combine(Folder, file));
        }

        using var zip = ZipFile.OpenRead(Archive);
        using var entry = zip.GetEntry(file)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }
}
