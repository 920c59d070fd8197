namespace Serving.Runtime.Tasks;

/// <summary>A model cannot be served as a task; the message says why.</summary>
internal sealed class TaskException(string message, Exception? inner = null) : Exception(message, inner);
