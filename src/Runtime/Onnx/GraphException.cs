namespace Serving.Runtime.Onnx;

/// <summary>A graph failed while it was loaded or run; the message is ONNX Runtime's.</summary>
internal sealed class GraphException(string message, Exception? inner = null) : Exception(message, inner);
