using Serving.Runtime.Inference;
using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Audio;

public sealed class WavReaderTests
{
    [Theory]
    [InlineData(1, 8, new byte[] { 128, 0, 192 }, new float[] { 0, -1, 0.5f })]
    [InlineData(1, 16, new byte[] { 0, 0x40, 0, 0x80 }, new float[] { 0.5f, -1 })]
    [InlineData(1, 24, new byte[] { 0, 0, 0x40, 0, 0, 0x80 }, new float[] { 0.5f, -1 })]
    [InlineData(1, 32, new byte[] { 0, 0, 0, 0x40, 0, 0, 0, 0x80 }, new float[] { 0.5f, -1 })]
    [InlineData(3, 32, new byte[] { 0, 0, 0, 0x3F, 0, 0, 0xC0, 0x7F }, new float[] { 0.5f, 0 })]
    [InlineData(3, 64, new byte[] { 0, 0, 0, 0, 0, 0, 0xE0, 0xBF }, new float[] { -0.5f })]
    [InlineData(6, 8, new byte[] { 0xD5, 0x55, 0xAA, 0x2A }, new float[] { 8 / 32768f, -8 / 32768f, 32256 / 32768f, -32256 / 32768f })]
    [InlineData(7, 8, new byte[] { 0xFF, 0x7F, 0x80, 0x00 }, new float[] { 0, 0, 32124 / 32768f, -32124 / 32768f })]
    public void Read_EachCoding_GivesItsSamples(int code, int bits, byte[] data, float[] expected)
    {
        foreach (var isExtensible in (bool[])[false, true])
        {
            var sound = SoundFiles.Understand(WavFiles.Make(code, 1, 8000, bits, data, isExtensible: isExtensible));

            Assert.Equal(8000, sound.Rate);
            Assert.Equal(expected, sound.Samples.ToArray());
        }
    }

    [Fact]
    public void Read_SeveralChannels_AreAveraged()
    {
        var sound = SoundFiles.Understand(WavFiles.Make(1, 2, 44100, 16, [0, 0x40, 0, 0, 0, 0x80, 0, 0x40]));

        Assert.Equal([0.25f, -0.25f], sound.Samples.ToArray());
    }

    /// <summary>What programs write that do not know yet how long a recording becomes.</summary>
    [Theory]
    [InlineData(0xFFFFFFFF, 0xFFFFFFFF)]
    [InlineData(0u, 0u)]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFDBu)]
    [InlineData(100u, 3000u)]
    public void Read_SizesThatAreWrong_EndWithTheFile(uint riff, uint data)
    {
        var sound = SoundFiles.Understand(WavFiles.Make(1, 1, 8000, 16, [0, 0x40, 0, 0x40, 0], riff, data));

        Assert.Equal([0.5f, 0.5f], sound.Samples.ToArray());
    }

    /// <summary>Sizes that, with their own headers, are more than 32 bits hold: what follows such a chunk is beyond the file's end.</summary>
    [Theory(Timeout = 10_000)]
    [InlineData(uint.MaxValue)]
    [InlineData(uint.MaxValue - 7)]
    [InlineData(uint.MaxValue - 8)]
    public async Task Read_ChunkLongerThanAnyFile_Ends(uint size)
    {
        byte[] file = [.. "RIFF\0\0\0\0WAVELIST"u8, .. BitConverter.GetBytes(size), .. new byte[8]];

        var failure = await Task.Run(() => SoundFiles.Refuse(file));

        Assert.Equal("the recording cannot be read: it has no format ('fmt ')", failure.Message);
    }

    [Theory]
    [InlineData(2, 4, "its samples are coded as format 2, understood are 1 (PCM), 3 (floating point), 6 (A-law) and 7 (mu-law)")]
    [InlineData(1, 40, "a sample has 40 bits, understood are 8, 16, 24 and 32 of PCM")]
    [InlineData(3, 16, "a sample has 16 bits, understood are 8, 16, 24 and 32 of PCM, 32 and 64 of floating point")]
    public void Read_CodingThatIsNotUnderstood_SaysWhatIs(int code, int bits, string expected)
    {
        var failure = SoundFiles.Refuse(WavFiles.Make(code, 1, 8000, bits, new byte[20]));

        Assert.Equal(InferenceError.InvalidInput, failure.Error);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooLong_IsRefused()
    {
        var failure = SoundFiles.Refuse(WavFiles.Make(1, 1, 8000, 8, new byte[16001]), seconds: 2);

        Assert.Equal((InferenceError.TooLarge, "the recording is longer than 2 seconds, which are allowed of 8000 samples a second"), (failure.Error, failure.Message));
    }

    [Theory]
    [InlineData("", "the recording is empty; understood are WAV and FLAC")]
    [InlineData("ID3\u0003", "the recording is an MP3 file; understood are WAV and FLAC")]
    [InlineData("OggS....", "the recording is an Ogg file; understood are WAV and FLAC")]
    [InlineData("hello, this is text", "the recording is of an unknown kind; understood are WAV and FLAC")]
    [InlineData("RIFF\0\0\0\0WAVE", "the recording cannot be read: it has no format ('fmt ')")]
    public void Read_OtherFiles_SaysWhatTheyAre(string file, string expected) =>
        Assert.Equal(expected, SoundFiles.Refuse(System.Text.Encoding.ASCII.GetBytes(file)).Message);
}
