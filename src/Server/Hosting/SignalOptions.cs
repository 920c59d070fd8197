namespace Serving.Server.Hosting;

/// <summary>Whether the server listens to the process' signals. A server inside another process leaves them to that process.</summary>
internal sealed record SignalOptions(bool Handle);
