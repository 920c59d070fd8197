using System.Collections.Immutable;
using System.Text.Json;

namespace Serving.Runtime.Configuration;

/// <summary>What the user wrote about a model's task.</summary>
/// <param name="Name">The task; <c>none</c> for a model that is called by its tensors; null for what its files say.</param>
/// <param name="Options">The task's own options, as they were written; the task checks them.</param>
public sealed record TaskConfig(string? Name, ImmutableDictionary<string, JsonElement> Options);
