using System.Collections.Immutable;

namespace Serving.Runtime.Configuration;

/// <summary>An execution provider that the user asked for.</summary>
/// <param name="Name">One of tensorrt, cuda, directml, cpu.</param>
/// <param name="Options">Its options by key, as text.</param>
public sealed record ProviderConfig(string Name, ImmutableDictionary<string, string> Options);
