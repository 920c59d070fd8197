using System.Buffers;
using Serving.Fuzz.Engine;
using Serving.Runtime.Audio;
using Serving.TestKit.Source;

namespace Serving.Fuzz.Targets;

/// <summary>Recordings: a sound within the limits, or a failure with a sentence; no more memory than the limits allow.</summary>
internal sealed class SoundTarget : FuzzTarget
{
    private const double Seconds = 2;

    public override string Name => "sound";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. Words("RIFF", "RF64", "WAVE", "fmt ", "data", "fLaC", "ID3", "TAG"), [0xFF, 0xF8], [0xFF, 0xF9], [0xFE, 0xFF], [0x01, 0x00], [0x03, 0x00], [0x06, 0x00], [0x07, 0x00],
        [0xFF, 0xFF, 0xFF, 0xFF], [0x00, 0x00, 0x00, 0x00], [0x84, 0x00, 0x00, 0x00],
    ];

    public override IEnumerable<byte[]> Seeds(Random random) =>
        ((string[])["mono8.flac", "stereo16.flac", "stereo24.flac", "six16.flac", "silence16.flac", "noise16.flac", "mono8.wav", "stereo24.wav"])
        .Select(name => File.ReadAllBytes(Path.Combine(SourceTree.Root, "tests", "Runtime.Tests", "Audio", "Data", name)));

    public override Verdict Try(byte[] input)
    {
        var limits = new SoundLimits(Seconds);
        var cost = Cost.Start();
        var outcome = SoundReader.Read(new ReadOnlySequence<byte>(input), limits);

        // Samples twice while their memory grows, and one frame of eight channels.
        cost.AtMost((3 * sizeof(float) * limits.Samples(int.MaxValue)) + (8 * 65_536 * sizeof(int)) + (64 * 1024) + (8L * input.Length));
        if (!outcome.TryGetValue(out var sound, out var failure))
        {
            Finding.Unless(failure.Message.Length > 0, "a refusal has no text");
            return Verdict.Refused(failure.Message);
        }

        Finding.Unless(sound.Samples.Length <= limits.Samples(sound.Rate), "there are more samples than allowed");
        return Verdict.Accepted();
    }
}
