namespace Serving.Runtime.Batching.Planning;

/// <summary>Why a queue does not run a request.</summary>
internal enum Refusal : byte
{
    /// <summary>It does.</summary>
    None,

    /// <summary>As many rows wait as may.</summary>
    QueueFull,

    /// <summary>It, or one accepted before it, would be answered too late.</summary>
    PredictedLate,

    /// <summary>It has waited for longer than the model's queue allows.</summary>
    WaitedTooLong,

    /// <summary>Its deadline has passed, or can no longer be kept while others wait whose can.</summary>
    Expired,
}
