namespace Serving.Runtime.Tokenization;

/// <summary>What offsets into a text count.</summary>
public enum OffsetUnit
{
    /// <summary>Unicode code points, as the reference library and Python's strings.</summary>
    CodePoints,

    /// <summary>Units of UTF-16, as strings of .NET, Java and JavaScript.</summary>
    Utf16,

    /// <summary>Bytes of UTF-8.</summary>
    Utf8Bytes,
}
