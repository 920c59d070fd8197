namespace Serving.Runtime.Repository;

/// <summary>One version of a model as its files are now.</summary>
/// <param name="GraphPath">The full path of its graph.</param>
/// <param name="Fingerprint">
/// Changes when, and only when, a file that this version uses changes: its own, or one that all versions share, such as the configuration.
/// </param>
internal sealed record VersionSource(string GraphPath, string Fingerprint);
