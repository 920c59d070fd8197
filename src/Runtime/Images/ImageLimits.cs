namespace Serving.Runtime.Images;

/// <summary>What of a picture is refused before it is decoded.</summary>
internal sealed record ImageLimits
{
    /// <summary>The most pixels that any setting may allow: even eight bytes each fit into one block of memory.</summary>
    public const long Ceiling = 250_000_000;

    public static ImageLimits Default { get; } = new();

    /// <summary>The most pixels, width times height. 64 million: a camera's largest pictures, 192 MB as bytes.</summary>
    public long MaxPixels { get; init; } = 64_000_000;

    /// <summary>The most pixels of a row or column. 65,535 is what JPEG can have; longer ones would only serve to exhaust.</summary>
    public int MaxSide { get; init; } = 65_535;

    /// <summary>The most bytes of the encoded picture. 64 MiB: more than a camera's largest picture in any of the formats.</summary>
    public long MaxBytes { get; init; } = 64L << 20;
}
