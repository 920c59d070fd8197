namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>The kinds of token of protobuf's text format.</summary>
internal enum PbtxtTokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A field's name, an enumerator, true, false, inf or nan.</summary>
    Identifier,

    /// <summary>A number without its sign.</summary>
    Number,

    /// <summary>A quoted string, its escapes resolved.</summary>
    String,

    /// <summary>A single character of punctuation.</summary>
    Punctuation,
}
