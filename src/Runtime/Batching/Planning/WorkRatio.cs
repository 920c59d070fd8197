namespace Serving.Runtime.Batching.Planning;

/// <summary>
/// What batches take over what their requests would take in the cheapest: more than 1 where batches are smaller or padded.
/// Learned from those that are formed while others still wait, because only then does a queue's work have to be told from it.
/// </summary>
internal sealed class WorkRatio
{
    /// <summary>About the last fifty batches count. Arbitrary.</summary>
    private const double Rate = 0.02;

    /// <summary>The ratio, at least 1.</summary>
    public double Value { get; private set; } = 1;

    /// <summary>A batch is formed, and others are left.</summary>
    /// <param name="seconds">What it is expected to take.</param>
    /// <param name="work">What its requests would take in the cheapest batches.</param>
    public void Observe(double seconds, double work)
    {
        if (work > 0)
        {
            Value = Math.Max(1, Value + (Rate * ((seconds / work) - Value)));
        }
    }
}
