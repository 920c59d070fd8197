namespace Serving.Runtime.Tasks.Text;

/// <summary>A part of a context that answers a question.</summary>
/// <param name="Text">The part; empty where the context has no answer.</param>
/// <param name="Score">How sure the model is, from 0 to 1.</param>
/// <param name="Start">Where it begins in the context, in code points.</param>
/// <param name="End">Where it ends.</param>
internal sealed record Answer(string Text, float Score, int Start, int End);
