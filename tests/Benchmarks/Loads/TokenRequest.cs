namespace Serving.Benchmarks.Loads;

/// <summary>A request of one row of tokens.</summary>
/// <param name="Message">The message, framed.</param>
/// <param name="Tokens">How many tokens it has, none of them padding.</param>
internal sealed record TokenRequest(byte[] Message, int Tokens);
