namespace Serving.Runtime.Audio;

/// <summary>What a recording may be before memory is taken for it.</summary>
/// <param name="Seconds">The longest that it may be. What takes more than 48,000 samples a second may be shorter by as much.</param>
internal sealed record SoundLimits(double Seconds)
{
    /// <summary>Rates beyond are those of no recorder.</summary>
    public const int HighestRate = 768_000;

    /// <summary>The rate of most recordings; higher ones take the memory of longer recordings.</summary>
    private const int UsualRate = 48_000;

    /// <summary>The most samples of a recording with a rate.</summary>
    public long Samples(int rate) => (long)(Seconds * Math.Min(rate, UsualRate));

    /// <exception cref="SoundTooLongException">So many samples are too many.</exception>
    public void Check(long samples, int rate)
    {
        if (samples > Samples(rate))
        {
            throw new SoundTooLongException(FormattableString.Invariant($"the recording is longer than {Samples(rate) / (double)rate:0.###} seconds, which are allowed of {rate} samples a second"));
        }
    }

    /// <exception cref="InvalidDataException">It is no rate.</exception>
    public static int CheckRate(uint rate) =>
        rate is > 0 and <= HighestRate ? (int)rate : throw new InvalidDataException($"it has {rate} samples a second, expected 1 to {HighestRate}");
}
