namespace Serving.Runtime.Tasks.Audio;

/// <summary>A word or a character that was heard.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Start">When it begins, in places of the graph's answer.</param>
/// <param name="End">When it has ended.</param>
internal readonly record struct SpokenPart(string Text, int Start, int End);
