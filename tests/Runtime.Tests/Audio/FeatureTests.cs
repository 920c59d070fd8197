using System.Numerics;
using System.Text.Json;
using Serving.Runtime.Audio.Features;

namespace Serving.Runtime.Tests.Audio;

/// <summary>Features against numpy's (Data/features.py).</summary>
public sealed class FeatureTests
{
    private const int Rate = 16000;

    [Fact]
    public void Extract_Ast_IsAsPublished() => Compare("ast", new KaldiFeatures(Rate, 128, 128, (-4.2677393, 4.5689974)));

    [Fact]
    public void Extract_Whisper_IsAsPublished()
    {
        Compare("whisper80", new WhisperFeatures(Rate, 80, 400, 160, 2 * Rate));
        Compare("whisper128", new WhisperFeatures(Rate, 128, 400, 160, 3 * Rate));
    }

    [Fact]
    public void Extract_Wav2Vec2_IsAsPublished() => Compare("wav2vec2", new RawFeatures(Rate, normalizes: true, 400, null));

    [Fact]
    public void Extract_RawOfAFixedLength_IsFilledAndCut()
    {
        var features = new RawFeatures(Rate, normalizes: false, 1, 4);

        Assert.Equal([1, 2, 0, 0], features.Extract([1, 2]));
        Assert.Equal([1, 2, 3, 4], features.Extract([1, 2, 3, 4, 5]));
    }

    [Fact]
    public void Extract_ShorterThanAFrame_IsSilence()
    {
        Assert.All(new KaldiFeatures(Rate, 8, 3, null).Extract(new float[399]), value => Assert.Equal(0, value));
        Assert.All(new WhisperFeatures(Rate, 8, 400, 160, 1600).Extract([]), value => Assert.Equal(-1.5f, value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(400)]
    [InlineData(512)]
    [InlineData(35)]
    public void Transform_AnyLength_IsTheDefinition(int length)
    {
        var random = new Random(length);
        var signal = Enumerable.Range(0, length).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5)).ToArray();
        var spectrum = new Complex[length];

        new FourierTransform(length).Transform(signal, spectrum);

        for (var k = 0; k < length; k++)
        {
            var sum = Complex.Zero;
            for (var i = 0; i < length; i++)
            {
                sum += signal[i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)i * k % length) / length);
            }

            Assert.InRange((sum - spectrum[k]).Magnitude, 0, 1e-10);
        }
    }

    private static void Compare(string name, ISoundFeatures features)
    {
        using var golden = JsonDocument.Parse(SoundFiles.Load("features.json"));
        var expected = golden.RootElement.GetProperty(name);
        var samples = Recording();

        var actual = features.Extract(samples);

        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()), features.ShapeOf(samples.Length));
        foreach (var (place, value) in expected.GetProperty("places").EnumerateArray().Zip(expected.GetProperty("values").EnumerateArray()))
        {
            Assert.Equal(value.GetDouble(), actual[place.GetInt32()], 2e-4);
        }
    }

    /// <summary>The recording of features.py.</summary>
    private static float[] Recording() => [.. Enumerable.Range(0, (int)(1.3 * Rate)).Select(i =>
    {
        var t = (double)i / Rate;
        return (float)((0.4 * Math.Sin(2 * Math.PI * ((200 * t) + (1500 * t * t)))) + (0.3 * ((i * 7919L % 1009 / 1009.0) - 0.5)) + 0.05);
    })];
}
