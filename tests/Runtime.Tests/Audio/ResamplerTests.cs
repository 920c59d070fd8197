using Serving.Runtime.Audio;

namespace Serving.Runtime.Tests.Audio;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(8000, 16000)]
    [InlineData(44100, 16000)]
    [InlineData(48000, 16000)]
    [InlineData(22050, 16000)]
    [InlineData(16001, 16000)]
    [InlineData(96000, 16000)]
    public void Resample_SineOfOneKilohertz_KeepsItsHeight(int from, int to)
    {
        var resampled = Resampler.Resample(Sine(1000, from, 1), to).ToArray();

        Assert.Equal(to, resampled.Length);
        Assert.InRange(Height(Middle(resampled), 1000, to), 0.999, 1.001);
        Assert.InRange(Error(resampled, 1000, to), 0, 0.001);
    }

    [Theory]
    [InlineData(44100, 16000, 8200)]
    [InlineData(48000, 16000, 9000)]
    [InlineData(48000, 16000, 15000)]
    [InlineData(96000, 16000, 40000)]
    [InlineData(16001, 8000, 5000)]
    public void Resample_WhatTheNewRateCannotHave_IsSixtyDecibelsDown(int from, int to, double hertz)
    {
        var resampled = Middle(Resampler.Resample(Sine(hertz, from, 1), to).ToArray());

        Assert.InRange(resampled.Max(Math.Abs), 0, 0.001f);
    }

    [Fact]
    public void Resample_Up_HasNoImages()
    {
        var resampled = Resampler.Resample(Sine(3000, 8000, 1), 16000).ToArray();

        Assert.InRange(Height(Middle(resampled), 5000, 16000), 0, 0.001);
        Assert.InRange(Height(Middle(resampled), 3000, 16000), 0.999, 1.001);
    }

    [Fact]
    public void Resample_SameRate_IsTheSameMemory()
    {
        var sound = Sine(440, 16000, 0.1);

        Assert.Equal(sound.Samples, Resampler.Resample(sound, 16000));
    }

    [Fact]
    public void Windows_LongRecording_IsCovered()
    {
        Assert.Equal([0..10, 10..20, 15..25], SoundWindows.Full(25, 10, 10));
        Assert.Equal([Range.EndAt(7)], SoundWindows.Full(7, 10, 10));
        Assert.Equal([0..10, 6..16, 12..22, 18..25], SoundWindows.WithEdges(25, 10, 2));
        Assert.Equal([0..10], SoundWindows.WithEdges(10, 10, 2));
    }

    private static Sound Sine(double hertz, int rate, double seconds) =>
        new(Enumerable.Range(0, (int)(rate * seconds)).Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / rate)).ToArray(), rate);

    private static float[] Middle(float[] samples) => samples[(samples.Length / 4)..(3 * samples.Length / 4)];

    /// <summary>The height of one frequency, over whole periods.</summary>
    private static double Height(float[] samples, double hertz, int rate)
    {
        var (re, im) = (0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            re += samples[i] * Math.Cos(2 * Math.PI * hertz * i / rate);
            im += samples[i] * Math.Sin(2 * Math.PI * hertz * i / rate);
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / samples.Length;
    }

    private static double Error(float[] samples, double hertz, int rate) =>
        Enumerable.Range(samples.Length / 4, samples.Length / 2).Max(i => Math.Abs(samples[i] - Math.Sin(2 * Math.PI * hertz * i / rate)));
}
