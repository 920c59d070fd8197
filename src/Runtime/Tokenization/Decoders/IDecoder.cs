namespace Serving.Runtime.Tokenization.Decoders;

/// <summary>A step from tokens back to text. The strings that the last step leaves are put together.</summary>
internal interface IDecoder
{
    List<string> Decode(List<string> tokens);
}
