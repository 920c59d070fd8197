using System.Text;
using Serving.Runtime.Tests.Audio;
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

        var answer = await SoundInputs.AnswerAsync(folder, "speech", SoundInputs.Files("audio", Spell("__AA_A||BC_C"), Spell("|B|"), Spell("____")));

        Assert.Equal(["text"], answer.Names);
        Assert.Equal(["AA BCC", "B", ""], answer.Texts("text"));
    }

    [Fact]
    public async Task Ask_WithTimes_SaysWhenWordsAndCharactersWere()
    {
        await using var folder = new TaskTestFolder();
        SoundModel.SaveSpelling(folder.Folder("speech"));
        await folder.StartAsync();
        var files = SoundInputs.Files("audio", Spell("__AA_B||C"), Spell("A"));

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
            var file = SoundInputs.Files("audio", Spell(letters));

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
        var text = await SoundInputs.AnswerAsync(folder, "speech", SoundInputs.Files("audio", Encoding.ASCII.GetBytes(Convert.ToBase64String(Spell("ABC")))));

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
            "InvalidInput: row 1: the recording is an Ogg file; understood are WAV and FLAC", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", Spell("A"), [.. "OggS"u8])));
        Assert.StartsWith("TooLarge: the recording is longer than 0.1 seconds", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", Spell(new string('A', 51)))), StringComparison.Ordinal);
        Assert.Contains("TooLarge: row ", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", Spell(new string('A', 40)), Spell(new string('A', 40)))), StringComparison.Ordinal);
        Assert.Equal("InvalidInput: the recording has no samples", await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", Spell(""))));
        Assert.StartsWith(
            "InvalidInput: expected either the input 'audio'",
            await SoundInputs.FailAsync(folder, "speech", SoundInputs.Files("audio", Spell("A")), SoundInputs.Floats("samples", [1, 1], 0)),
            StringComparison.Ordinal);
    }

    /// <summary>A recording in which each letter is two samples.</summary>
    private static byte[] Spell(string letters) => WavFiles.Make(letters.SelectMany(letter => (float[])["_|ABC".IndexOf(letter, StringComparison.Ordinal) / 10f, 0]), 1000);
}
