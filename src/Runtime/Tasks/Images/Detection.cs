namespace Serving.Runtime.Tasks.Images;

/// <summary>A thing that was found in a picture.</summary>
/// <param name="Class">The number of its class.</param>
/// <param name="Score">How sure the model is, 0 to 1.</param>
/// <param name="Box">Left, top, right, bottom, in pixels of the picture.</param>
internal sealed record Detection(int Class, float Score, float[] Box)
{
    /// <summary>The area that two boxes share, as a part of what they cover together.</summary>
    public static float Overlap(float[] one, float[] other)
    {
        var width = Math.Min(one[2], other[2]) - Math.Max(one[0], other[0]);
        var height = Math.Min(one[3], other[3]) - Math.Max(one[1], other[1]);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var shared = width * height;
        return shared / (Area(one) + Area(other) - shared);
    }

    private static float Area(float[] box) => (box[2] - box[0]) * (box[3] - box[1]);
}
