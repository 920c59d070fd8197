using Serving.Runtime.Tokenization.Unicode;

namespace Serving.Runtime.Tokenization.Patterns;

/// <summary>Whether a place of a text is what an anchor asks for, as Oniguruma has it.</summary>
internal static class Anchors
{
    private static readonly CodePointSet Word = NamedSets.Escape('w')!;

    public static bool IsAt(AnchorKind kind, ReadOnlySpan<char> text, int at) => kind switch
    {
        AnchorKind.TextStart => at == 0,
        AnchorKind.TextEnd => at == text.Length,
        AnchorKind.TextEndOrLastLine => at == text.Length || at == text.Length - 1 && text[at] == '\n',
        AnchorKind.LineStart => at == 0 || text[at - 1] == '\n' && at < text.Length,
        AnchorKind.LineEnd => at == text.Length || text[at] == '\n',
        AnchorKind.WordBoundary => IsWordBefore(text, at) != IsWordAt(text, at),
        _ => IsWordBefore(text, at) == IsWordAt(text, at),
    };

    private static bool IsWordBefore(ReadOnlySpan<char> text, int at) => at > 0 && Word.Contains(CodePoints.Before(text, at, out _));

    private static bool IsWordAt(ReadOnlySpan<char> text, int at) => at < text.Length && Word.Contains(CodePoints.At(text, at, out _));
}
