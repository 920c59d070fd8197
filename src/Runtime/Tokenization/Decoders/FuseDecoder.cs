namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>All tokens become one.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}
