using Serving.Runtime.Images.Preprocessing;
using Serving.Runtime.Inference;

namespace Serving.Runtime.Tasks.Images;

/// <summary>Reads what a family of detectors answers for one picture.</summary>
internal abstract class BoxReader
{
    /// <summary>The graph's outputs that are read, in their order.</summary>
    public abstract IReadOnlyList<string> Outputs { get; }

    /// <summary>The least score where nobody says.</summary>
    public abstract double UsualThreshold { get; }

    /// <summary>The surest things, the surest first.</summary>
    /// <param name="threshold">The least score.</param>
    /// <param name="overlap">The most that two of a class may overlap, for families that answer things twice.</param>
    /// <param name="most">How many at most.</param>
    public abstract IReadOnlyList<Detection> Read(PictureFrame frame, InferenceResponse response, double threshold, double overlap, int most);

    /// <summary>A box of corners, kept within the picture.</summary>
    protected static float[] Within(ImageSize picture, double left, double top, double right, double bottom) =>
    [
        (float)Math.Clamp(left, 0, picture.Width), (float)Math.Clamp(top, 0, picture.Height),
        (float)Math.Clamp(right, 0, picture.Width), (float)Math.Clamp(bottom, 0, picture.Height),
    ];
}
