namespace Serving.Server.Http2;

/// <summary>The client does not speak HTTP/2.</summary>
internal sealed class ForeignProtocolException() : Exception("the client does not speak HTTP/2");
