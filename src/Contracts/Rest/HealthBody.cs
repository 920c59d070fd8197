namespace Serving.Contracts.Rest;

/// <summary>
/// The answer of the server's health calls. The protocol's text calls the flag of both <c>live</c>; clients look for <c>ready</c> too.
/// </summary>
public sealed record HealthBody(bool Live, bool Ready);
