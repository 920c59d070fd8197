namespace Serving.Runtime.Batching.Planning;

/// <summary>How large a batch may be.</summary>
/// <param name="MaxRows">Rows.</param>
/// <param name="MaxTokens">Rows times the length that each is padded to.</param>
internal readonly record struct PlanLimits(int MaxRows, long MaxTokens = long.MaxValue)
{
    public bool Allow(int rows, int length) => rows <= MaxRows && (long)rows * length <= MaxTokens;

    /// <summary>The most rows of a length; at least 1, because a request that is larger than allowed runs alone.</summary>
    public int MostRows(int length) => (int)Math.Clamp(MaxTokens / Math.Max(length, 1), 1, MaxRows);
}
