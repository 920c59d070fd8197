namespace Serving.Runtime.Images.Resampling;

/// <summary>How maps of numbers are interpolated.</summary>
internal enum InterpolationMode : byte
{
    Nearest,
    Bilinear,

    /// <summary>Keys' kernel with a = -0.75, PyTorch's choice.</summary>
    Bicubic,
}
