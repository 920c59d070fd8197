using System.Text;
using Serving.Runtime.Inference;
using Serving.TestKit.Tasks;

namespace Serving.Runtime.Tests.Tasks.Audio;

public sealed class SpeechRecognitionTests
{
    [Fact]
    public async Task Ask_Files_AreWrittenDown()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();

        var answer = await SoundInputs.AnswerAsync(folder, "speech", SoundInputs.Files("audio", SoundModel.Spell("__AA_A||BC_C"), SoundModel.Spell("|B|"), SoundModel.Spell("____")));

        Assert.Equal(["text"], answer.Names);
        Assert.Equal(["AA BCC", "B", ""], answer.Texts("text"));
    }

    [Fact]
    public async Task Ask_WithTimes_SaysWhenWordsAndCharactersWere()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();
        var files = SoundInputs.Files("audio", SoundModel.Spell("__AA_B||C"), SoundModel.Spell("A"));

        var words = await SoundInputs.AnswerAsync(folder, "speech", files, new { return_timestamps = "word" });
        var characters = await SoundInputs.AnswerAsync(folder, "speech", files, new { return_timestamps = "char" }, "word", "count");

        Assert.Equal(["AB", "C", "A", ""], words.Texts("word"));
        Assert.Equal([0.004f, 0.016f, 0, 0], words.Floats("start"));
        Assert.Equal([0.012f, 0.018f, 0.002f, 0], words.Floats("end"));
        Assert.Equal([2, 1], words.Longs("count"));
        Assert.Equal(["A", "B", " ", "C"], characters.Texts("word")[..4]);
    }

    /// <summary>Chunks of 10 places with edges of 2 give what the whole gives, wherever they are cut.</summary>
    [Fact]
    public async Task Ask_LongRecording_IsStitched()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            var letters = new string([.. Enumerable.Range(0, 60 + round).Select(_ => "_|ABC"[random.Next(5)])]);
            var file = SoundInputs.Files("audio", SoundModel.Spell(letters));

            var whole = await SoundInputs.AnswerAsync(folder, "speech", file, new { return_timestamps = "char" });
            var chunks = await SoundInputs.AnswerAsync(folder, "speech", file, new { return_timestamps = "char", chunk_seconds = 0.1, stride_seconds = 0.02 });

            Assert.Equal(whole.Texts("text"), chunks.Texts("text"));
            Assert.Equal(whole.Floats("start"), chunks.Floats("start"));
        }
    }

    [Fact]
    public async Task Ask_SamplesOrBase64_AreAsGoodAsFiles()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();

        var samples = await SoundInputs.AnswerAsync(folder, "speech", SoundInputs.Floats("samples", [2, 4], 0.2f, 0, 0.3f, 0, 0.4f, 0, 0, 0));
        var text = await SoundInputs.AnswerAsync(folder, "speech", SoundInputs.Files("audio", Encoding.ASCII.GetBytes(Convert.ToBase64String(SoundModel.Spell("ABC")))));

        Assert.Equal(["AB", "C"], samples.Texts("text"));
        Assert.Equal(["ABC"], text.Texts("text"));
    }

    [Fact]
    public async Task Ask_WrongRecordings_SaysWhichAndWhy()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        File.WriteAllText(Path.Combine(folder.Folder("speech"), "model.yaml"), "task: {name: automatic-speech-recognition, max_seconds: 0.1}");
        await folder.StartAsync();

        Assert.Equal(
            "InvalidInput: row 1: the recording is an Ogg file; understood are WAV and FLAC", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", SoundModel.Spell("A"), [.. "OggS"u8])));
        Assert.StartsWith("TooLarge: the recording is longer than 0.1 seconds", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", SoundModel.Spell(new string('A', 51)))), StringComparison.Ordinal);
        Assert.Contains("TooLarge: row ", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", SoundModel.Spell(new string('A', 40)), SoundModel.Spell(new string('A', 40)))), StringComparison.Ordinal);
        Assert.Equal("InvalidInput: the recording has no samples", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", SoundModel.Spell(""))));
        Assert.StartsWith(
            "InvalidInput: expected either the input 'audio'",
            await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", SoundModel.Spell("A")), SoundInputs.Floats("samples", [1, 1], 0)),
            StringComparison.Ordinal);
    }

    /// <summary>A few seconds would else be heard hundreds of times.</summary>
    [Fact]
    public async Task Ask_WideStride_IsRefused()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();

        var outcome = await folder.AskAsync("speech", [SoundInputs.Files("audio", SoundModel.Spell("A"))], new { chunk_seconds = 10, stride_seconds = 4.1 });

        Assert.False(outcome.TryGetValue(out _, out var failure));
        Assert.Equal((InferenceError.InvalidInput, "stride_seconds is 4.1, allowed are at most two fifths of chunk_seconds, 4"), (failure.Error, failure.Message));
    }

    [Fact]
    public async Task Ask_ForDuration_SaysHowLongRecordingsAre()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();

        var answer = await SoundInputs.AnswerAsync(
            folder, "speech", SoundInputs.Files("audio", SoundModel.Spell("AB"), SoundModel.Spell(new string('_', 100))), new { chunk_seconds = 0.1 }, "duration");

        Assert.Equal(["duration"], answer.Names);
        Assert.Equal([0.004f, 0.2f], answer.Floats("duration"));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public async Task Ask_SampleThatIsNoNumber_IsRefused(float sample, string name)
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();

        Assert.Equal(
            $"InvalidInput: input 'samples' element 3 is {name}, expected a finite number", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Floats("samples", [2, 2], 0, 0, 0, sample)));
    }

    /// <summary>One recording with many characters and very many without would be an answer of gigabytes.</summary>
    [Fact]
    public async Task Ask_OneLongRowAmongManyShort_IsRefused()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();
        var files = Enumerable.Repeat(SoundModel.Spell("_"), 4000).Prepend(SoundModel.Spell(string.Concat(Enumerable.Repeat("AB", 40_000)))).ToArray();

        var outcome = await folder.AskAsync("speech", [SoundInputs.Files("audio", files)], new { return_timestamps = "char" });

        Assert.False(outcome.TryGetValue(out _, out var failure));
        Assert.Equal(InferenceError.TooLarge, failure.Error);
        Assert.StartsWith("an output of the answer would have 4001 rows of 80000 elements", failure.Message, StringComparison.Ordinal);
    }
}
