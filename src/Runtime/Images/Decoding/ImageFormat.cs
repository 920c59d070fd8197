namespace Serving.Runtime.Images.Decoding;

/// <summary>The formats of pictures that are understood.</summary>
internal enum ImageFormat : byte
{
    Jpeg,
    Png,
    WebP,

    /// <summary>Of an animation the first frame.</summary>
    Gif,
}
