namespace Serving.Server.Hosting.Rehearsal;

/// <summary>Whether the server rehearses before it is ready. A server inside another process, and the rehearsal's own, need not.</summary>
internal sealed record RehearsalOptions(bool Enabled);
