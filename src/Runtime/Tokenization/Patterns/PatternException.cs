namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>A pattern cannot be read, or uses what is not supported. Says what and where.</summary>
internal sealed class PatternException(string message) : Exception(message);
