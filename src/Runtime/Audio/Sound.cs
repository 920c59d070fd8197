namespace Serving.Runtime.Audio;

/// <summary>A recording in one channel.</summary>
/// <param name="Samples">The samples, between -1 and 1 but for recordings in floating point that go beyond.</param>
/// <param name="Rate">How many of them are a second.</param>
internal sealed record Sound(ReadOnlyMemory<float> Samples, int Rate)
{
    /// <summary>How long it is.</summary>
    public double Seconds => (double)Samples.Length / Rate;
}
