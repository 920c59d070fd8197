namespace Serving.Benchmarks.Loads;

/// <summary>What a load got.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="Answers">How many.</param>
/// <param name="BytesPerAnswer">The bodies' mean length: an answer of gRPC that has none is a failure, whatever its HTTP status.</param>
internal sealed record LoadResult(double Rate, long Answers, double BytesPerAnswer);
