namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>A token of protobuf's text format with its place.</summary>
internal readonly record struct PbtxtToken(PbtxtTokenKind Kind, string Text, TextPosition At)
{
    public bool Is(char punctuation) => Kind == PbtxtTokenKind.Punctuation && Text[0] == punctuation;

    /// <summary>The token as messages show it.</summary>
    public string Describe() => Kind == PbtxtTokenKind.End ? "the end of the file" : ConfigErrors.Quote(Text);
}
