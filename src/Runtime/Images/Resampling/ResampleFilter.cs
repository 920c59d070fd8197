namespace Serving.Runtime.Images.Resampling;

/// <summary>Pillow's filters, by Pillow's numbers, which <c>preprocessor_config.json</c> uses.</summary>
internal enum ResampleFilter : byte
{
    Nearest = 0,
    Lanczos = 1,
    Bilinear = 2,
    Bicubic = 3,
    Box = 4,
    Hamming = 5,
}
