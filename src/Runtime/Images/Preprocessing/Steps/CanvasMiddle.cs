namespace Serving.Runtime.Images.Preprocessing.Steps;

/// <summary>How half a pixel is rounded where a picture cannot lie exactly in the middle.</summary>
internal enum CanvasMiddle : byte
{
    /// <summary>The canvas begins at (picture - canvas) / 2 rounded down: transformers' crops.</summary>
    Down,

    /// <summary>The picture begins at (canvas - picture) / 2 rounded down: transformers' and YOLO's borders.</summary>
    Up,

    /// <summary>To the even pixel: torchvision's crops, which timm uses.</summary>
    Even,
}
