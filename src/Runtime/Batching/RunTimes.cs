using Serving.Runtime.Inference;

namespace Serving.Runtime.Batching;

/// <summary>When a run's stages were reached, as timestamps of the time provider.</summary>
internal readonly record struct RunTimes(long Formed, long Started, long Finished)
{
    /// <summary>The stages of a request that was in the run and is cut out now.</summary>
    /// <param name="enqueued">When it was accepted.</param>
    /// <param name="received">When its first byte was seen; 0 where unknown.</param>
    /// <param name="time">The clock of the timestamps.</param>
    public StageTimes ToStages(long enqueued, long received, TimeProvider time)
    {
        var now = time.GetTimestamp();
        return new StageTimes(
            time.GetElapsedTime(enqueued, Formed),
            time.GetElapsedTime(Formed, Started),
            time.GetElapsedTime(Started, Finished),
            time.GetElapsedTime(Finished, now),
            time.GetElapsedTime(received == 0 ? enqueued : received, now));
    }
}
