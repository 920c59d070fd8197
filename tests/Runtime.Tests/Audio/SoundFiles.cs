using System.Buffers;
using Serving.Runtime.Audio;
using Serving.Runtime.Inference;
using Serving.TestKit.Source;

namespace Serving.Runtime.Tests.Audio;

/// <summary>Recordings beside the tests, made with SoX, and the reading of any.</summary>
internal static class SoundFiles
{
    public static byte[] Load(string name) => File.ReadAllBytes(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Audio", "Data", name));

    public static Outcome<Sound> Read(byte[] file, double seconds = 60) => SoundReader.Read(new ReadOnlySequence<byte>(file), new SoundLimits(seconds));

    public static Sound Understand(byte[] file)
    {
        Assert.True(Read(file).TryGetValue(out var sound, out var failure), failure?.Message);
        return sound;
    }

    public static InferenceFailure Refuse(byte[] file, double seconds = 60)
    {
        Assert.False(Read(file, seconds).TryGetValue(out _, out var failure));
        return failure!;
    }
}
