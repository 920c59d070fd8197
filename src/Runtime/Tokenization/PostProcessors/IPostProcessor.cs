namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>A step after the model: adds special tokens, adjusts types and offsets.</summary>
internal interface IPostProcessor
{
    /// <summary>How many tokens it adds to a text or to a pair.</summary>
    int CountAdded(bool isPair);

    /// <summary>Replaces encodings, one or two when the first step begins, by others; they are put together at the end.</summary>
    IReadOnlyList<EncodingData> Process(IReadOnlyList<EncodingData> encodings, bool addSpecialTokens);
}
