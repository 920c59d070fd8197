namespace Serving.Runtime.Configuration.Pbtxt;

/// <summary>A field of a message with its place. <c>a: [1, 2]</c> is two fields, as <c>a: 1 a: 2</c> is.</summary>
internal sealed record PbtxtField(string Name, TextPosition At, PbtxtNode Value);
