namespace Serving.Runtime.Images.Tiling;

/// <summary>A rectangle of a picture, in pixels.</summary>
internal readonly record struct Tile(int Left, int Top, int Width, int Height);
