namespace Serving.Runtime.Batching.Faults;

/// <summary>When a model version is taken out because its runs fail, and for how long.</summary>
/// <param name="Failures">So many requests that fail one after the other raise the suspicion; 0: none ever does.</param>
/// <param name="Pause">From being taken out until the first try; each further one is twice as long.</param>
/// <param name="LongestPause">No pause is longer.</param>
internal sealed record BreakerRules(int Failures, TimeSpan Pause, TimeSpan LongestPause)
{
    /// <summary>The pause after so many tries that failed.</summary>
    public TimeSpan After(int tries) => TimeSpan.FromTicks((long)Math.Min(LongestPause.Ticks, Pause.Ticks * Math.Pow(2, tries)));
}
