namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>Puts texts and special tokens together as a template says, one for a text and one for a pair.</summary>
internal sealed class TemplatePostProcessor(IReadOnlyList<TemplatePiece> single, IReadOnlyList<TemplatePiece> pair) : IPostProcessor
{
    public int CountAdded(bool isPair) => (isPair ? pair : single).Sum(p => p.Special?.Ids.Count ?? 0);

    public IReadOnlyList<EncodingData> Process(IReadOnlyList<EncodingData> encodings, bool addSpecialTokens)
    {
        var output = new List<EncodingData>();
        foreach (var piece in encodings.Count == 1 ? single : pair)
        {
            if (piece.Special is null)
            {
                // What was cut off keeps its types, as in the reference library.
                output.Add(encodings[piece.Sequence].WithType(piece.TypeId));
            }
            else if (addSpecialTokens)
            {
                output.Add(piece.Special.Encode(piece.TypeId));
            }
        }

        return output;
    }
}
