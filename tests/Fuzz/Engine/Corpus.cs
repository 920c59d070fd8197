using System.Security.Cryptography;
using Serving.TestKit.Source;

namespace Serving.Fuzz.Engine;

/// <summary>The kept inputs of a target: what once failed, and what led somewhere new. Each file is named after what it holds.</summary>
internal sealed class Corpus(string folder)
{
    public static Corpus Of(FuzzTarget target) => new(Path.Combine(SourceTree.Root, "tests", "Fuzz", "corpus", target.Name));

    /// <summary>All inputs, always in the same order.</summary>
    public IReadOnlyList<byte[]> Read() => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
        : [];

    /// <summary>Keeps an input for good, and answers where.</summary>
    public string Keep(ReadOnlySpan<byte> input)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 8)));
        File.WriteAllBytes(path, input.ToArray());
        return path;
    }
}
