namespace Serving.Runtime.Tokenization.Text;

/// <summary>A token's id, and the range it stands for in the text that the model was given, in UTF-16 units.</summary>
internal readonly record struct Token(int Id, int Start, int End);
