namespace Serving.Runtime.Tokenization;

/// <summary>A side of a text: where it is cut or padded.</summary>
public enum TextSide
{
    Right,
    Left,
}
