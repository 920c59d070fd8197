namespace Serving.Runtime.Repository;

/// <summary>A file in a folder; for a link, what it leads to.</summary>
internal sealed record FolderFile(string Name, long Size, DateTimeOffset Modified);
