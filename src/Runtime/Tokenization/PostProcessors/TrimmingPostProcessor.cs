namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>ByteLevel: adds nothing, trims offsets where it is asked to.</summary>
internal sealed class TrimmingPostProcessor(OffsetTrim? trim) : IPostProcessor
{
    public int CountAdded(bool isPair) => 0;

    public IReadOnlyList<EncodingData> Process(IReadOnlyList<EncodingData> encodings, bool addSpecialTokens)
    {
        trim?.Apply(encodings);
        return encodings;
    }
}
