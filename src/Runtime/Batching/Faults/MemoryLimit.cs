using Serving.Runtime.Batching.Planning;

namespace Serving.Runtime.Batching.Faults;

/// <summary>How large a model's batches may be where memory has turned out to be short. Asked and told by several threads.</summary>
internal sealed class MemoryLimit
{
    /// <summary>The limit grows by this part of it with every run that succeeds: twice as much is tried after some 700 runs. Arbitrary.</summary>
    private const int Step = 1024;

    private long _tokens = long.MaxValue;

    /// <summary>The limits, or less.</summary>
    public PlanLimits Restrict(PlanLimits limits) => limits with { MaxTokens = Math.Min(limits.MaxTokens, Volatile.Read(ref _tokens)) };

    /// <summary>A run has succeeded. Memory may be there again.</summary>
    public void Succeeded()
    {
        var tokens = Volatile.Read(ref _tokens);
        if (tokens < long.MaxValue / 2)
        {
            Volatile.Write(ref _tokens, tokens + (tokens / Step) + 1);
        }
    }

    /// <summary>Memory was short for a run: from now on half of it is the most.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="length">The length that each was padded to.</param>
    public void Exceeded(long rows, int length) => Volatile.Write(ref _tokens, Math.Max(1, Math.Min(Volatile.Read(ref _tokens), rows * length / 2)));
}
