using System.Collections.Immutable;

namespace Serving.Runtime.Models;

/// <summary>A model that was loaded, and the providers that refused it before one did not.</summary>
internal sealed record LoadResult(LoadedModel Model, ImmutableDictionary<string, string> RefusedProviders);
