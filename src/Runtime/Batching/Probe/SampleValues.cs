namespace Serving.Runtime.Batching.Probe;

/// <summary>Kinds of values to fill sample rows with, the likely first.</summary>
internal enum SampleValues : byte
{
    /// <summary>Floats between -1 and 1, ids below the embedding's size or 8. Rows differ in size as well as in value.</summary>
    Mixed,

    /// <summary>Floats between 0 and 1, integers 0 or 1.</summary>
    Unit,

    /// <summary>Floats of some hundreds, ids likewise where bounded.</summary>
    Large,

    /// <summary>Floats between -1 and 1, unbounded integers all 1.</summary>
    Ones,
}
