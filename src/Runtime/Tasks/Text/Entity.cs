namespace Serving.Runtime.Tasks.Text;

/// <summary>A part of a text and its class.</summary>
/// <param name="Label">The class; of a group without the B- or I- in front.</param>
/// <param name="Score">How sure the model is, from 0 to 1.</param>
/// <param name="Word">The part's text as the tokenizer writes it.</param>
/// <param name="Start">Where it begins in the text, in code points.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Index">The place of its first token, special ones counted.</param>
internal sealed record Entity(string Label, float Score, string Word, int Start, int End, int Index);
