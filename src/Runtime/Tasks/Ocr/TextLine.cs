namespace Serving.Runtime.Tasks.Ocr;

/// <summary>A line that was read.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Score">How sure the characters are, on average.</param>
/// <param name="Place">Where it stands in the picture.</param>
internal sealed record TextLine(string Text, float Score, Quad Place);
