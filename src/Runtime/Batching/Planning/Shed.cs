namespace Serving.Runtime.Batching.Planning;

/// <summary>A request that left a queue without running.</summary>
internal readonly record struct Shed<T>(T Item, Refusal Reason);
