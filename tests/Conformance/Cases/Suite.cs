using System.Text.Json.Nodes;

namespace Serving.Conformance.Cases;

/// <summary>All cases, in the order of the files' names.</summary>
internal static class Suite
{
    private const string OffersFile = "offers.json";

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "suite");

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json").Where(file => Path.GetFileName(file) != OffersFile)
            .Order(StringComparer.Ordinal).SelectMany(CaseFile.Read),
    ];

    /// <summary>For what no extension's name stands: a step by which the server shows that it offers it.</summary>
    public static JsonObject Offers { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, OffersFile)))!.AsObject();
}
