namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>
/// BERT's and RoBERTa's frame: a token before the first text, one after each, and for RoBERTa one before the second too,
/// all of whose types are 0.
/// </summary>
internal sealed class FramePostProcessor(SpecialToken first, SpecialToken separator, bool isRoberta, OffsetTrim? trim) : IPostProcessor
{
    public int CountAdded(bool isPair) => isPair ? isRoberta ? 4 : 3 : 2;

    public IReadOnlyList<EncodingData> Process(IReadOnlyList<EncodingData> encodings, bool addSpecialTokens)
    {
        trim?.Apply(encodings);
        if (isRoberta)
        {
            foreach (var encoding in encodings)
            {
                Array.Clear(encoding.TypeIds);
            }
        }

        return addSpecialTokens ? [.. encodings.Select(Frame)] : encodings;
    }

    private EncodingData Frame(EncodingData encoding, int index)
    {
        var framed = FrameOne(encoding, index);
        framed.Overflowing = [.. encoding.Overflowing.Select(o =>
        {
            if (isRoberta)
            {
                Array.Clear(o.TypeIds);
            }

            return FrameOne(o, index);
        })];
        return framed;
    }

    private EncodingData FrameOne(EncodingData encoding, int index)
    {
        var typeId = isRoberta ? 0 : index;
        var end = separator.Encode(typeId);
        return index == 0
            ? EncodingData.Join([first.Encode(0), encoding, end])
            : isRoberta ? EncodingData.Join([end, encoding, end]) : EncodingData.Join([encoding, end]);
    }
}
