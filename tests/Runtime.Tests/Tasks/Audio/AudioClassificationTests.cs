using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks.Audio;

public sealed class AudioClassificationTests
{
    [Fact]
    public async Task Ask_Recordings_AreScoredBestFirst()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveLoudness(folder.Folder("sounds"));
        await folder.StartAsync();

        var answer = await SoundInputs.AnswerAsync(
            folder, "sounds", SoundInputs.Files("audio", WavFiles.Make([0.5f, 0.5f], 1000), WavFiles.Make([-0.25f], 1000)), new { function_to_apply = "none" });

        Assert.Equal(["up", "down", "down", "up"], answer.Texts("label"));
        Assert.Equal([0.5f, -0.5f, 0.25f, -0.25f], answer.Floats("score"));
        Assert.True(folder.Engine.GetMetadata("sounds").TryGetValue(out var metadata, out _));
        Assert.Equal(("audio-classification", "its architecture is Wav2Vec2ForSequenceClassification"), (metadata.Task!.Name, metadata.Task.Evidence));
    }

    [Fact]
    public async Task Ask_InWindows_AveragesThem()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveLoudness(folder.Folder("sounds"));
        await folder.StartAsync();

        // 50 samples: windows of 20 begin at 0, 20 and 30; their averages are 0.5, 0 and 0.25.
        float[] samples = [.. Enumerable.Repeat(0.5f, 20), .. Enumerable.Repeat(0f, 20), .. Enumerable.Repeat(0.5f, 10)];
        var answer = await SoundInputs.AnswerAsync(
            folder, "sounds", SoundInputs.Floats("samples", [1, 50], samples), new { function_to_apply = "none", chunk_seconds = 0.02, top_k = 1 });

        Assert.Equal(0.25f, Assert.Single(answer.Floats("score")), 1e-6f);
    }

    [Fact]
    public async Task Ask_AnotherRate_IsResampled()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveLoudness(folder.Folder("sounds"));
        await folder.StartAsync();
        var input = SoundInputs.Floats("samples", [1, 4000], [.. Enumerable.Repeat(0.5f, 4000)]);

        var answer = await SoundInputs.AnswerAsync(folder, "sounds", input, new { function_to_apply = "none", sampling_rate = 4000, top_k = 1 });

        Assert.Equal(0.5f, Assert.Single(answer.Floats("score")), 0.01f);
    }

    /// <summary>A model that always hears 200 samples gets windows of no less than 50, however short ones are asked for.</summary>
    [Fact]
    public async Task Ask_InTinyWindows_AreNoLessThanAQuarter()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveLoudness(folder.Folder("sounds"), samples: 200);
        await folder.StartAsync();

        var answer = await SoundInputs.AnswerAsync(
            folder, "sounds", SoundInputs.Floats("samples", [1, 400], [.. Enumerable.Repeat(0.5f, 400)]), new { function_to_apply = "none", chunk_seconds = 0.02, top_k = 1 });

        Assert.Equal(0.125f, Assert.Single(answer.Floats("score")), 1e-6f);
    }
}
