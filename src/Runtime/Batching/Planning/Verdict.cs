namespace Serving.Runtime.Batching.Planning;

/// <summary>What a queue says to a request that comes.</summary>
/// <param name="Refusal">Why it is refused; none where it is queued.</param>
/// <param name="RetryAfter">Seconds after which a request like it would probably be accepted; 0 where that is not known.</param>
/// <param name="Slot">Where it waits; -1 where it does not.</param>
internal readonly record struct Verdict(Refusal Refusal, double RetryAfter, int Slot);
