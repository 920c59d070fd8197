namespace Serving.Runtime.Tasks.Images;

/// <summary>Where a class is in a picture.</summary>
/// <param name="Class">Its number.</param>
/// <param name="Share">The part of the picture that it covers.</param>
/// <param name="Mask">A PNG of the picture's size, white where the class is; or run lengths as JSON.</param>
internal sealed record SegmentMask(int Class, float Share, ReadOnlyMemory<byte> Mask);
