using Serving.Runtime.Inference;
using Serving.Runtime.Tasks.Audio;
using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks.Audio;

public sealed class VoiceActivityTests
{
    private const int Window = 512;

    [Fact]
    public async Task Ask_Recording_CarriesTheStateAlong()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveVoice(folder.Folder("voice"));
        await folder.StartAsync();
        var speech = SoundInputs.Floats("samples", [2, 6 * Window], [.. Enumerable.Repeat(0.75f, 6 * Window), .. Enumerable.Repeat(0.25f, 6 * Window)]);

        var answer = await SoundInputs.AnswerAsync(
            folder, "voice", speech, new { min_speech_ms = 0, min_silence_ms = 32, pad_ms = 0 }, "start", "end", "count", "probability");

        // The state of each recording is its own: both end with their third window.
        Assert.Equal([0.75f, 0.75f, 0.75f, 0, 0, 0, 0.25f, 0.25f, 0.25f, 0, 0, 0], answer.Floats("probability"));
        Assert.Equal([1, 0], answer.Longs("count"));
        Assert.Equal([0f, 0], answer.Floats("start"));
        Assert.Equal([0.096f, 0], answer.Floats("end"));
    }

    [Fact]
    public async Task Ask_TensorsOfTheGraph_ReachItAsBefore()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveVoice(folder.Folder("voice"));
        await folder.StartAsync();
        InputTensor[] tensors = [SoundInputs.Floats("input", [1, 2], 0.5f, 0.25f), SoundInputs.Floats("state", [2, 1, 1], 0, 0), TaskTestFolder.Longs("sr", [], 16000)];

        Assert.True((await folder.AskAsync("voice", tensors)).TryGetValue(out var response, out var failure), failure?.Message);

        using (response)
        {
            Assert.Equal([0.5f], new TaskOutputs(response).Floats("output"));
        }
    }

    [Theory]
    [InlineData(new float[] { 0, 1, 1, 1, 0, 0, 0, 0 }, "512-2048")]
    [InlineData(new float[] { 0, 1, 0, 0, 0, 0, 0, 0 }, "")]
    [InlineData(new float[] { 1, 1, 1, 0.4f, 0.4f, 0.4f, 1, 1 }, "0-4000")]
    [InlineData(new float[] { 1, 1, 1, 0, 1, 1, 1, 1 }, "0-4000")]
    [InlineData(new float[] { 1, 1, 0, 0, 0, 0, 1, 1 }, "0-1024 3072-4000")]
    public void Find_Probabilities_BecomeSegments(float[] probabilities, string expected)
    {
        var segments = new SpeechSegments(0.5, minSpeech: 600, minSilence: 2 * Window, pad: 0).Find(probabilities, Window, 4000);

        Assert.Equal(expected, string.Join(' ', segments.Select(segment => $"{segment.Start}-{segment.End}")));
    }

    [Fact]
    public void Find_Pad_NeverMeetsTheNext()
    {
        var segments = new SpeechSegments(0.5, 0, Window, 700).Find([0, 1, 0, 0, 1, 0, 0, 0], Window, 4096);

        Assert.Equal([new SpeechSegment(0, 1536), new SpeechSegment(1536, 3260)], segments);
    }
}
