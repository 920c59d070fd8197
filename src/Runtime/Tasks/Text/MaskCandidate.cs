namespace Serving.Runtime.Tasks.Text;

/// <summary>What may stand in the place of a mask.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Text">The token's text.</param>
/// <param name="Score">How likely it is there, from 0 to 1.</param>
/// <param name="Sequence">The whole text with it.</param>
/// <param name="Mask">Which mask of the text, counted from 0.</param>
internal sealed record MaskCandidate(int Id, string Text, float Score, string Sequence, int Mask);
