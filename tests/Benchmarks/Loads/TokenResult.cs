namespace Serving.Benchmarks.Loads;

/// <summary>What a load of tokens got.</summary>
/// <param name="TokensPerSecond">Tokens of the requests answered, a second.</param>
/// <param name="Latencies">The requests' own.</param>
/// <param name="LoadShare">The part of a core that making the load took.</param>
/// <param name="AllTokens">Tokens of every request, also of those answered while the load began and ended.</param>
internal sealed record TokenResult(double TokensPerSecond, Latencies Latencies, double LoadShare, long AllTokens);
