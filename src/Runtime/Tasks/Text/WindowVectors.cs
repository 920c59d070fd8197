namespace Serving.Runtime.Tasks.Text;

/// <summary>The vectors of one window of a text.</summary>
/// <param name="Pooled">That of the whole window.</param>
/// <param name="TokenVectors">Those of its tokens, one after the other; empty where nobody wants them.</param>
/// <param name="Tokens">How many tokens it has.</param>
internal sealed record WindowVectors(float[] Pooled, float[] TokenVectors, int Tokens);
