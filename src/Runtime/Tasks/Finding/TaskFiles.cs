using System.Text.Json;

namespace Serving.Runtime.Tasks.Finding;

/// <summary>The files beside a graph that say what it is for: in the version's folder, or else in the model's.</summary>
/// <param name="folders">Where they may lie, the first that has one wins.</param>
internal sealed class TaskFiles(params string[] folders)
{
    /// <summary>Arbitrary; the longest known configurations, with names for twenty thousand classes, have two megabytes.</summary>
    private const int LongestJson = 64 * 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The full path of a file; null where there is none of that name.</summary>
    public string? Find(string name) => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The root of a file of JSON; null where there is no such file.</summary>
    /// <exception cref="TaskException">It is too long or no JSON.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public JsonElement? ReadJson(string name)
    {
        if (Find(name) is not { } path)
        {
            return null;
        }

        if (new FileInfo(path).Length > LongestJson)
        {
            throw new TaskException($"'{path}' is longer than {LongestJson} bytes");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new TaskException($"'{path}' is not JSON: {error.Message}", error);
        }
    }
}
