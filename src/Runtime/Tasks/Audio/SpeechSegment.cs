namespace Serving.Runtime.Tasks.Audio;

/// <summary>A part of a recording in which somebody speaks, in samples.</summary>
internal readonly record struct SpeechSegment(int Start, int End);
