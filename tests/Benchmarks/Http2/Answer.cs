namespace Serving.Benchmarks.Http2;

/// <summary>A request that is over.</summary>
/// <param name="Stream">Its stream, as <see cref="Http2Connection.Send"/> named it.</param>
/// <param name="Bytes">The length of the answer's body; 0 where gRPC answered with a failure.</param>
internal readonly record struct Answer(int Stream, int Bytes);
