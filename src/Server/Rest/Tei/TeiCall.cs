using System.Text.Json;

namespace Serving.Server.Rest.Tei;

/// <summary>A request in text-embeddings-inference's shape.</summary>
/// <param name="Context">The request.</param>
/// <param name="Body">Its JSON.</param>
/// <param name="Model">The model that its path names; null where it names none.</param>
/// <param name="Received">When it came.</param>
internal readonly record struct TeiCall(HttpContext Context, JsonElement Body, string? Model, long Received);
