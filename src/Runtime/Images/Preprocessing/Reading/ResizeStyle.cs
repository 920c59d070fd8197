namespace Serving.Runtime.Images.Preprocessing.Reading;

/// <summary>How a kind of image processor reads its <c>size</c>.</summary>
internal enum ResizeStyle : byte
{
    /// <summary>Height and width, or the shorter side, as the keys say.</summary>
    Plain,

    /// <summary>Below 384 the shorter side is enlarged by <c>crop_pct</c> and the middle cut out.</summary>
    ConvNext,

    /// <summary>Always enlarged by <c>crop_pct</c>, then cut.</summary>
    PoolFormer,

    /// <summary>The shorter side times 256/224.</summary>
    Levit,

    /// <summary>The shorter side, less where the longer would exceed a length; pixel masks.</summary>
    Detector,

    /// <summary>As Detector, cut down to multiples of 16.</summary>
    Yolos,

    /// <summary>The shorter side and at most the longer, enlarged to multiples of <c>size_divisor</c>.</summary>
    Segmenter,

    /// <summary>The longer side, zeros to <c>pad_size</c>.</summary>
    Sam,

    /// <summary><c>keep_aspect_ratio</c> and <c>ensure_multiple_of</c>.</summary>
    Dpt,

    /// <summary>The picture's own size down to multiples of <c>size_divisor</c>.</summary>
    Glpn,

    /// <summary>The shorter side, then a thumbnail, then a border to the whole page.</summary>
    Donut,

    /// <summary>No resizing; mirrored to multiples of <c>pad_size</c>.</summary>
    Mirror,
}
