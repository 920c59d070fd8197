namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>SentencePiece's visible spaces become spaces; those of the first token were added and go, where any are added.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool isPrepended) : IDecoder
{
    public List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((token, i) => token.Replace(replacement, i == 0 && isPrepended ? "" : " ", StringComparison.Ordinal))];
}
