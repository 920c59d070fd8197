namespace Serving.Runtime.Caching;

/// <summary>What a model's cache does.</summary>
/// <param name="On">Whether rows are looked up now; off for a while where that was seen not to pay.</param>
/// <param name="Rows">How many rows it knows.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="Hits">Rows that were answered from it, since the version was loaded.</param>
/// <param name="Misses">Rows that were looked up and had to be run.</param>
public sealed record CacheDetails(bool On, int Rows, long Bytes, long Hits, long Misses);
