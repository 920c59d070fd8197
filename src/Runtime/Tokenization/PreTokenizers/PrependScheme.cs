namespace Serving.Runtime.Tokenization.PreTokenizers;

/// <summary>Where Metaspace sets a space before a text that has none.</summary>
internal enum PrependScheme
{
    /// <summary>Before every piece between added tokens.</summary>
    Always,

    /// <summary>Only at the start of the text.</summary>
    First,

    Never,
}
