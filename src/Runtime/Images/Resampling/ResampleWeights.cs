namespace Serving.Runtime.Images.Resampling;

/// <summary>
/// For each output sample along one axis: which input samples it is made of, and their weights as fixed-point numbers.
/// Equal to those of Pillow's <c>Resample.c</c>: where the picture shrinks the kernel is widened, at the borders the weights
/// that are left are scaled to a sum of 1, and each is rounded to 22 bits behind the point.
/// </summary>
internal sealed class ResampleWeights
{
    /// <summary>Bits behind the point: 32 less 8 of a sample and 2 for overshoot.</summary>
    public const int FractionBits = 22;

    /// <summary>Half a grey level, with which sums begin so that they are rounded.</summary>
    public const int Half = 1 << (FractionBits - 1);

    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _weights;
    private readonly int _most;

    public ResampleWeights(int input, int output, ResampleFilter filter)
    {
        var scale = (double)input / output;
        var stretch = Math.Max(scale, 1);
        var support = FilterKernel.Support(filter) * stretch;
        _most = ((int)Math.Ceiling(support) * 2) + 1;
        _first = new int[output];
        _count = new int[output];
        _weights = new int[(long)output * _most];
        var exact = new double[_most];
        for (var i = 0; i < output; i++)
        {
            var centre = (i + 0.5) * scale;
            var from = Math.Max((int)(centre - support + 0.5), 0);
            var count = Math.Min((int)(centre + support + 0.5), input) - from;
            _first[i] = from;
            _count[i] = count;
            Fill(exact.AsSpan(0, count), from - centre + 0.5, 1 / stretch, filter);
            Round(exact.AsSpan(0, count), _weights.AsSpan(i * _most));
        }
    }

    public int Outputs => _first.Length;

    /// <summary>The first input sample that an output sample is made of.</summary>
    public int First(int output) => _first[output];

    /// <summary>The weights of that sample and of those behind it.</summary>
    public ReadOnlySpan<int> Of(int output) => _weights.AsSpan(output * _most, _count[output]);

    private static void Fill(Span<double> weights, double distance, double inverse, ResampleFilter filter)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = FilterKernel.Weight(filter, (i + distance) * inverse);
            sum += weights[i];
        }

        if (sum == 0)
        {
            return;
        }

        foreach (ref var weight in weights)
        {
            weight /= sum;
        }
    }

    private static void Round(ReadOnlySpan<double> exact, Span<int> rounded)
    {
        for (var i = 0; i < exact.Length; i++)
        {
            rounded[i] = (int)((exact[i] < 0 ? -0.5 : 0.5) + (exact[i] * (1 << FractionBits)));
        }
    }
}
