using Serving.Runtime.Inference;

namespace Serving.Runtime.Tests.Audio;

/// <summary>Files that libFLAC wrote, against the same sounds as WAV files.</summary>
public sealed class FlacReaderTests
{
    [Theory]
    [InlineData("mono8.flac", "mono8.wav")]
    [InlineData("stereo16.flac", "stereo16.wav")]
    [InlineData("stereo16-fixed.flac", "stereo16.wav")]
    [InlineData("stereo24.flac", "stereo24.wav")]
    [InlineData("six16.flac", "six16.wav")]
    [InlineData("silence16.flac", "silence16.wav")]
    [InlineData("noise16.flac", "noise16.wav")]
    public void Read_File_IsWhatItWasMadeOf(string flac, string wav)
    {
        var sound = SoundFiles.Understand(SoundFiles.Load(flac));
        var expected = SoundFiles.Understand(SoundFiles.Load(wav));

        Assert.Equal(expected.Rate, sound.Rate);
        Assert.Equal(expected.Samples.ToArray(), sound.Samples.ToArray());
    }

    [Fact]
    public void Read_BehindAnId3Tag_IsFound()
    {
        byte[] tag = [.. "ID3"u8, 3, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4, 5];

        Assert.Equal(SoundFiles.Understand(SoundFiles.Load("mono8.flac")).Samples.ToArray(), SoundFiles.Understand([.. tag, .. SoundFiles.Load("mono8.flac")]).Samples.ToArray());
    }

    [Fact]
    public void Read_AnyChangedByteOfAFrame_IsNoticed()
    {
        var file = SoundFiles.Load("mono8.flac");
        for (var i = 1; i <= 200; i++)
        {
            var damaged = file.ToArray();
            damaged[^i] ^= 0x10;
            Assert.StartsWith("the recording cannot be read: ", SoundFiles.Refuse(damaged).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_CutOff_IsRefused() =>
        Assert.Equal("the recording cannot be read: it ends within a frame", SoundFiles.Refuse(SoundFiles.Load("stereo16.flac")[..^100]).Message);

    [Fact]
    public void Read_TooLong_IsRefusedBeforeMemoryIsTaken()
    {
        // Silence is as good as nothing in a file: half of a second in a hundred bytes.
        var failure = SoundFiles.Refuse(SoundFiles.Load("silence16.flac"), seconds: 0.4);

        Assert.Equal(InferenceError.TooLarge, failure.Error);
    }
}
