namespace Serving.Server.Grpc.Protocol;

/// <summary>A message is malformed. Beside protobuf's own exception, which only protobuf can make.</summary>
internal sealed class MalformedMessageException(string message, Exception inner) : IOException(message, inner);
