namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>The places that a pattern can ask for.</summary>
internal enum AnchorKind
{
    TextStart,
    TextEnd,
    TextEndOrLastLine,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
