namespace Serving.Runtime.Configuration;

/// <summary>What an axis means to the batcher.</summary>
public enum AxisRole : byte
{
    /// <summary>Neither of the others.</summary>
    Other,

    /// <summary>Rows of different requests are laid along it.</summary>
    Batch,

    /// <summary>Its extent may differ between requests.</summary>
    Length,
}
