namespace Serving.Runtime.Tokenization;

/// <summary>A text cannot be tokenized, or ids cannot be decoded: too long, unknown characters without a token for them, no room for what truncation must keep. The message is for the client who sent it.</summary>
public sealed class TokenizationException(string message) : Exception(message);
