namespace Serving.Runtime.Audio;

/// <summary>Samples of which nobody knows how many come; memory is taken as they do.</summary>
/// <param name="rate">Samples each second.</param>
/// <param name="limits">How many there may be.</param>
internal sealed class SampleBuffer(int rate, SoundLimits limits)
{
    private float[] _samples = [];
    private int _count;

    public ReadOnlyMemory<float> Samples => _samples.AsMemory(0, _count);

    /// <exception cref="SoundTooLongException">So many more are too many.</exception>
    public void Check(int more) => limits.Check((long)_count + more, rate);

    /// <summary>Room for more, which counts as filled. <see cref="Check"/> comes first.</summary>
    public Span<float> Take(int more)
    {
        if (_samples.Length < _count + more)
        {
            Array.Resize(ref _samples, (int)Math.Clamp(2L * _samples.Length, _count + more, Math.Max(_count + more, limits.Samples(rate))));
        }

        _count += more;
        return _samples.AsSpan(_count - more, more);
    }
}
