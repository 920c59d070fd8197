namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>The text is not in protobuf's text format; what follows cannot be read sensibly.</summary>
internal sealed class PbtxtSyntaxException(TextPosition at, string message) : Exception(message)
{
    public TextPosition At { get; } = at;
}
