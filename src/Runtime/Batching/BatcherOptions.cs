namespace Serving.Runtime.Batching;

/// <summary>A model's limits.</summary>
/// <param name="MaxRows">The largest batch that is formed.</param>
/// <param name="MaxQueueRows">How many rows may wait.</param>
/// <param name="QueueTimeout">How long a request may wait; null for as long as it likes.</param>
internal sealed record BatcherOptions(int MaxRows, int MaxQueueRows, TimeSpan? QueueTimeout);
