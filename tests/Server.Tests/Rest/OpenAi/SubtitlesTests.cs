using Serving.Server.Rest.OpenAi.Speech;
using Serving.Server.Rest.Tasks;

namespace Serving.Server.Tests.Rest.OpenAi;

public sealed class SubtitlesTests
{
    [Fact]
    public void Segments_Pause_EndsOne() => Assert.Equal(
        [new SpokenWord("a b", 0, 1.4f), new SpokenWord("c", 2.5f, 3)],
        Subtitles.Segments([new("a", 0, 0.5f), new("b", 1.4f, 1.4f), new("c", 2.5f, 3)]));

    [Fact]
    public void Segments_LongTime_EndsOne() => Assert.Equal(
        [new SpokenWord("a b", 0, 7), new SpokenWord("c", 7, 7.5f)],
        Subtitles.Segments([new("a", 0, 6.5f), new("b", 6.5f, 7), new("c", 7, 7.5f)]));

    [Fact]
    public void Segments_LongText_EndsOne()
    {
        var (forty, fortyThree) = (new string('a', 40), new string('b', 43));

        Assert.Equal([$"{forty} {fortyThree}", "c"], Subtitles.Segments([new(forty, 0, 1), new(fortyThree, 1, 2), new("c", 2, 3)]).Select(segment => segment.Text));
    }

    [Fact]
    public void Write_HoursAndSigns_AreAsTheFormatsHaveThem()
    {
        SpokenWord[] segments = [new("a<b> & c", 3661.5f, 3662.0004f)];

        Assert.Equal("1\n01:01:01,500 --> 01:01:02,000\na<b> & c\n\n", Subtitles.WriteSrt(segments));
        Assert.Equal("WEBVTT\n\n01:01:01.500 --> 01:01:02.000\na&lt;b&gt; &amp; c\n\n", Subtitles.WriteVtt(segments));
    }

    [Fact]
    public void Write_Nothing_IsAnEmptyFile() => Assert.Equal(("", "WEBVTT\n\n"), (Subtitles.WriteSrt([]), Subtitles.WriteVtt([])));
}
