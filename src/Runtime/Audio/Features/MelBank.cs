using System.Numerics.Tensors;

namespace Serving.Runtime.Audio.Features;

/// <summary>Triangular filters, evenly spaced by how pitch is heard, over the frequencies of a spectrum.</summary>
internal sealed class MelBank
{
    private const double LinearEnd = 1000;
    private const double LinearEndMel = 15;
    private static readonly double LogStep = Math.Log(6.4) / 27;

    private readonly (int Start, double[] Weights)[] _filters;

    /// <param name="filters">How many.</param>
    /// <param name="bins">The spectrum's frequencies, from 0 to half of the rate.</param>
    /// <param name="rate">Samples each second.</param>
    /// <param name="lowest">Where the first triangle begins, in hertz.</param>
    /// <param name="highest">Where the last one ends, in hertz.</param>
    /// <param name="scale">
    /// Slaney's triangles are straight over hertz and each has the same area, as librosa has them; Kaldi's are straight over the scale and
    /// each has the same height.
    /// </param>
    public MelBank(int filters, int bins, int rate, double lowest, double highest, MelScale scale)
    {
        var isSlaney = scale == MelScale.Slaney;
        var (from, to) = (ToMel(lowest, scale), ToMel(highest, scale));
        var corners = Enumerable.Range(0, filters + 2).Select(i => from + ((to - from) * i / (filters + 1))).Select(mel => isSlaney ? ToHertz(mel) : mel).ToArray();
        var places = Enumerable.Range(0, bins).Select(i => (double)rate / 2 / (bins - 1) * i).Select(hertz => isSlaney ? hertz : ToMel(hertz, scale)).ToArray();
        _filters = [.. Enumerable.Range(0, filters).Select(i => Filter(corners.AsSpan(i, 3), places, isSlaney ? 2 / (corners[i + 2] - corners[i]) : 1))];
    }

    /// <summary>How many filters there are.</summary>
    public int Count => _filters.Length;

    /// <summary>How much each filter lets through.</summary>
    public void Apply(ReadOnlySpan<double> spectrum, Span<double> energies)
    {
        for (var i = 0; i < _filters.Length; i++)
        {
            var (start, weights) = _filters[i];
            energies[i] = TensorPrimitives.Dot(spectrum.Slice(start, weights.Length), weights);
        }
    }

    private static (int Start, double[] Weights) Filter(ReadOnlySpan<double> corners, double[] places, double height)
    {
        var (low, middle, high) = (corners[0], corners[1], corners[2]);
        var weights = Array.ConvertAll(places, place => height * Math.Max(0, Math.Min((place - low) / (middle - low), (high - place) / (high - middle))));
        var start = Array.FindIndex(weights, weight => weight > 0);
        return start < 0 ? (0, []) : (start, weights[start..(Array.FindLastIndex(weights, weight => weight > 0) + 1)]);
    }

    private static double ToMel(double hertz, MelScale scale) => scale switch
    {
        MelScale.Kaldi => 1127 * Math.Log(1 + (hertz / 700)),
        _ => hertz < LinearEnd ? 3 * hertz / 200 : LinearEndMel + (Math.Log(hertz / LinearEnd) / LogStep),
    };

    private static double ToHertz(double mel) => mel < LinearEndMel ? 200 * mel / 3 : LinearEnd * Math.Exp(LogStep * (mel - LinearEndMel));
}
