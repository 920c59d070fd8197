namespace Serving.Runtime.Tests.Audio;

/// <summary>Damaged files: a sound or a failure with a sentence, never an exception, never more samples than allowed.</summary>
public sealed class SoundMutationTests
{
    private const int Rounds = 5000;
    private const double Seconds = 2;

    [Theory]
    [InlineData("stereo16.wav", 11)]
    [InlineData("stereo24.wav", 12)]
    [InlineData("stereo16.flac", 13)]
    [InlineData("stereo24.flac", 14)]
    [InlineData("six16.flac", 15)]
    public void Read_DamagedFile_FailsOrGivesASound(string name, int seed)
    {
        var random = new Random(seed);
        var file = SoundFiles.Load(name);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            if (SoundFiles.Read(Damage(file, random), Seconds).TryGetValue(out var sound, out var failure))
            {
                Assert.InRange(sound.Samples.Length, 0, (int)(Seconds * 48_000));
                Assert.InRange(sound.Rate, 1, 768_000);
            }
            else
            {
                refused++;
                Assert.NotEqual("", failure.Message);
            }
        }

        Assert.InRange(refused, 1, Rounds);
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        var damaged = file.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            // Headers are where damage tells.
            var place = random.Next(random.Next(2) == 0 ? 64 : damaged.Count) % damaged.Count;
            switch (random.Next(4))
            {
                case 0:
                    damaged[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[place] = (byte)(random.Next(2) == 0 ? 0xFF : random.Next(256));
                    break;
                case 2:
                    damaged.RemoveRange(place, Math.Min(random.Next(1, 40), damaged.Count - place - 1));
                    break;
                default:
                    damaged.InsertRange(place, damaged.GetRange(place, Math.Min(random.Next(1, 40), damaged.Count - place)));
                    break;
            }
        }

        return [.. damaged];
    }
}
