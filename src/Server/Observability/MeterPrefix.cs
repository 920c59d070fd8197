namespace Serving.Server.Observability;

/// <summary>
/// What the names of the meters begin with that belong to this server: collectors ask for meters by name, whoever in the process
/// made them. Empty but for a server whose metrics nobody shall see.
/// </summary>
internal sealed record MeterPrefix(string Text);
