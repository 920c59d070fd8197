using System.Collections.Immutable;

namespace Serving.Runtime.Models;

/// <summary>A model that was loaded, and the providers that refused it before one did not.</summary>
internal sealed record LoadResult(LoadedModel Model, ImmutableDictionary<string, string> RefusedProviders)
{
    /// <summary>The provider in use; empty where the model has no graph of its own.</summary>
    public string Provider => Model.Graph?.Provider ?? "";

    /// <summary>What is known of its batching.</summary>
    public string Evidence => Model.Graph?.Axes.Evidence ?? "";
}
