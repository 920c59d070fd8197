namespace Serving.Benchmarks.Raw;

/// <summary>How fast tokens were computed.</summary>
/// <param name="PerSecond">Tokens a second.</param>
/// <param name="PerProcessorSecond">Tokens for a second that a core worked on them, which others on the machine lengthen less.</param>
internal readonly record struct TokenRate(double PerSecond, double PerProcessorSecond);
