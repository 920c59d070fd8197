namespace Serving.Runtime.Images.Resampling;

/// <summary>For each output position along one axis of a map: the input positions that count, and their weights. Where they lie outside, the border's is taken.</summary>
internal sealed class MapTaps
{
    private const float A = -0.75f;

    private readonly int[] _index;
    private readonly float[] _weight;

    public MapTaps(int input, int output, InterpolationMode mode)
    {
        Count = mode switch { InterpolationMode.Nearest => 1, InterpolationMode.Bilinear => 2, _ => 4 };
        _index = new int[output * Count];
        _weight = new float[output * Count];
        var scale = (float)input / output;
        for (var i = 0; i < output; i++)
        {
            var position = (scale * (i + 0.5f)) - 0.5f;
            switch (mode)
            {
                case InterpolationMode.Nearest:
                    Set(i, 0, Math.Min((int)(i * scale), input - 1), 1);
                    break;
                case InterpolationMode.Bilinear:
                    Linear(i, Math.Max(position, 0), input);
                    break;
                default:
                    Cubic(i, position, input);
                    break;
            }
        }
    }

    /// <summary>How many input positions count for each output position.</summary>
    public int Count { get; }

    public int Index(int output, int tap) => _index[(output * Count) + tap];

    public float Weight(int output, int tap) => _weight[(output * Count) + tap];

    private void Linear(int output, float position, int input)
    {
        var first = Math.Min((int)position, input - 1);
        var behind = position - first;
        Set(output, 0, first, 1 - behind);
        Set(output, 1, Math.Min(first + 1, input - 1), behind);
    }

    private void Cubic(int output, float position, int input)
    {
        var first = (int)MathF.Floor(position);
        var behind = position - first;
        Set(output, 0, Math.Clamp(first - 1, 0, input - 1), Far(behind + 1));
        Set(output, 1, Math.Clamp(first, 0, input - 1), Near(behind));
        Set(output, 2, Math.Clamp(first + 1, 0, input - 1), Near(1 - behind));
        Set(output, 3, Math.Clamp(first + 2, 0, input - 1), Far(2 - behind));
    }

    private static float Near(float x) => ((((A + 2) * x) - (A + 3)) * x * x) + 1;

    private static float Far(float x) => (((((A * x) - (5 * A)) * x) + (8 * A)) * x) - (4 * A);

    private void Set(int output, int tap, int index, float weight)
    {
        _index[(output * Count) + tap] = index;
        _weight[(output * Count) + tap] = weight;
    }
}
