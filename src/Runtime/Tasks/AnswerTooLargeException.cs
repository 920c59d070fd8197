namespace Serving.Runtime.Tasks;

/// <summary>The answer to a request is too large; the message says how large it would be.</summary>
internal sealed class AnswerTooLargeException(string message) : Exception(message);
