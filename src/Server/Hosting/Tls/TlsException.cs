namespace Serving.Server.Hosting.Tls;

/// <summary>A file of the TLS options cannot be used; the message names option and file and says why.</summary>
internal sealed class TlsException(string message) : Exception(message);
