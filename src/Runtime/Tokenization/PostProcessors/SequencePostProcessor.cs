namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>One after the other.</summary>
internal sealed class SequencePostProcessor(IReadOnlyList<IPostProcessor> steps) : IPostProcessor
{
    public int CountAdded(bool isPair) => steps.Sum(s => s.CountAdded(isPair));

    public IReadOnlyList<EncodingData> Process(IReadOnlyList<EncodingData> encodings, bool addSpecialTokens) =>
        steps.Aggregate(encodings, (now, step) => step.Process(now, addSpecialTokens));
}
