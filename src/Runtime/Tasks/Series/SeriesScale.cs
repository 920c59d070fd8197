namespace Serving.Runtime.Tasks.Series;

/// <summary>The mean and the deviation of each channel of a series.</summary>
internal sealed class SeriesScale
{
    private readonly (double Mean, double Deviation)[] _channels;

    private SeriesScale((double Mean, double Deviation)[] channels) => _channels = channels;

    /// <summary>Finds them and takes them off, in place.</summary>
    /// <param name="values">The channels' numbers, those of one moment side by side.</param>
    /// <param name="channels">How many channels there are.</param>
    /// <param name="least">The least deviation that is divided by.</param>
    public static SeriesScale Take(Span<float> values, int channels, double least)
    {
        var scales = new (double Mean, double Deviation)[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var i = channel; i < values.Length; i += channels)
            {
                sum += values[i];
            }

            var mean = sum * channels / values.Length;
            for (var i = channel; i < values.Length; i += channels)
            {
                squares += (values[i] - mean) * (values[i] - mean);
            }

            var deviation = Math.Sqrt(squares * channels / values.Length);
            scales[channel] = (mean, deviation > least ? deviation : 1);
            for (var i = channel; i < values.Length; i += channels)
            {
                values[i] = (float)((values[i] - mean) / scales[channel].Deviation);
            }
        }

        return new SeriesScale(scales);
    }

    /// <summary>Puts them back on, in place.</summary>
    public void Undo(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (mean, deviation) = _channels[i % _channels.Length];
            values[i] = (float)((values[i] * deviation) + mean);
        }
    }
}
