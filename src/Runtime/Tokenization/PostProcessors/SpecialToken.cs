namespace Serving.Runtime.Tokenization.PostProcessors;

/// <summary>What a post-processor adds in one place: mostly one token, but a template can name several.</summary>
internal sealed record SpecialToken(IReadOnlyList<int> Ids, IReadOnlyList<string> Texts)
{
    public EncodingData Encode(int typeId) => EncodingData.Special([.. Ids], Texts, typeId);
}
