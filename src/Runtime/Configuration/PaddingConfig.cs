using System.Collections.Immutable;

namespace Serving.Runtime.Configuration;

/// <summary>What <c>padding</c> in model.yaml says.</summary>
/// <param name="Allowed">False where only requests of equal shapes may share a batch.</param>
/// <param name="Values">Per input, the value that fills what a request does not; found by trying for those that are missing.</param>
public sealed record PaddingConfig(bool Allowed, ImmutableDictionary<string, int> Values);
