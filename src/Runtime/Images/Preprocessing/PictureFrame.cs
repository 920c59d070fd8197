namespace Serving.Runtime.Images.Preprocessing;

/// <summary>What became of a picture on its way to a graph.</summary>
/// <param name="Original">The size of the picture that came.</param>
/// <param name="Tensor">The size of the tensor, its border included.</param>
/// <param name="Content">The part of the tensor that is picture, not a border of zeros.</param>
/// <param name="Placement">Where the picture lies in the tensor.</param>
internal readonly record struct PictureFrame(ImageSize Original, ImageSize Tensor, ImageSize Content, Placement Placement);
