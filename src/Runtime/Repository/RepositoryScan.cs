using System.Collections.Immutable;

namespace Serving.Runtime.Repository;

/// <summary>What one look at the repositories found.</summary>
/// <param name="Sources">Every model, in the order of the repositories and of the names within each.</param>
/// <param name="Unreadable">Repositories that could not be read, each with the reason. Their models are unknown, not gone.</param>
internal sealed record RepositoryScan(ImmutableArray<ModelSource> Sources, ImmutableSortedDictionary<string, string> Unreadable);
