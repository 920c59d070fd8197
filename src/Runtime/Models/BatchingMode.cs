namespace Serving.Runtime.Models;

/// <summary>Which requests share a batch.</summary>
public enum BatchingMode : byte
{
    /// <summary>None do.</summary>
    None,

    /// <summary>Those of equal shapes, but for the number of rows.</summary>
    EqualShapes,

    /// <summary>Those of different lengths too: the shorter are padded.</summary>
    Padded,
}
