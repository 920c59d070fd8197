using System.Text;
using Serving.Fuzz.Engine;

namespace Serving.Fuzz.Tests;

public sealed class MutatorTests
{
    private static readonly byte[] Original = Encoding.ASCII.GetBytes("the quick brown fox jumps over the lazy dog");

    private static readonly byte[][] Others = [[0xEE, 0xEE, 0xEE, 0xEE]];

    private static readonly byte[][] Tokens = [[0xDD, 0xDD]];

    [Fact]
    public void Mutate_SameSeed_DamagesTheSameWay() => Assert.Equal(Some(1, 1000), Some(1, 1000));

    [Fact]
    public void Mutate_OtherSeed_DamagesAnotherWay() => Assert.NotEqual(Some(1, 1000), Some(2, 1000));

    [Fact]
    public void Mutate_ManyTimes_ShortensLengthensAndTakesFromEverywhere()
    {
        var all = Some(3, 10_000);

        Assert.InRange(all.Count(bytes => bytes.Length < Original.Length), 500, 9500);
        Assert.InRange(all.Count(bytes => bytes.Length > Original.Length), 500, 9500);
        Assert.InRange(all.Count(bytes => bytes.AsSpan().IndexOf(Others[0].AsSpan(0, 2)) >= 0), 100, 9500);
        Assert.InRange(all.Count(bytes => bytes.AsSpan().IndexOf(Tokens[0]) >= 0), 100, 9500);
        Assert.InRange(all.Count(bytes => bytes.AsSpan().SequenceEqual(Original)), 0, 2000);
    }

    [Fact]
    public void Mutate_Text_LeavesMostlyTexts()
    {
        var mutator = new Mutator([], isText: true);
        var random = new Random(4);

        var texts = Enumerable.Range(0, 1000).Count(_ => !mutator.Mutate(Original, [], random).AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~'));

        Assert.InRange(texts, 700, 1000);
    }

    [Fact]
    public void Mutate_NothingOrTooMuch_StaysWithinTheLimit()
    {
        var mutator = new Mutator(Tokens, isText: false);
        var random = new Random(5);
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(mutator.Mutate(i % 2 == 0 ? [] : new byte[Mutator.Longest * 2], Others, random).Length, 0, Mutator.Longest);
        }
    }

    private static List<byte[]> Some(int seed, int count)
    {
        var mutator = new Mutator(Tokens, isText: false);
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => mutator.Mutate(Original, Others, random))];
    }
}
