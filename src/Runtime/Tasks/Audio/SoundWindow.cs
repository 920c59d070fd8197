namespace Serving.Runtime.Tasks.Audio;

/// <summary>What a graph answered to a part of a recording.</summary>
/// <param name="Range">The part, in samples.</param>
/// <param name="Length">Samples of the whole recording.</param>
/// <param name="Result">What became of the answer.</param>
internal readonly record struct SoundWindow<T>(Range Range, int Length, T Result);
