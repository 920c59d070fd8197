using System.Text;
using Serving.Fuzz.Engine;
using Serving.Runtime.Tensors;

namespace Serving.Fuzz.Tests;

public sealed class FuzzRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fuzz-").FullName;

    private Corpus Corpus => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_ReaderThrows_KeepsTheInputShortenedAndFailsAgainWithIt()
    {
        var target = new Target(input => input.Contains((byte)'!') ? throw new InvalidOperationException("odd") : Verdict.Accepted());

        var finding = Assert.Throws<Finding>(() => new FuzzRun(target, Corpus, seed: 1).Run(100_000));

        var path = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal("!"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Contains("seed 1", finding.Message, StringComparison.Ordinal);
        Assert.Contains(path, finding.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(finding.InnerException);
        Assert.Throws<Finding>(() => new FuzzRun(target, Corpus, seed: 2).Replay());
    }

    [Fact]
    public void Run_MemoryIsNotGivenBack_Fails()
    {
        PooledBuffer? rented = null;
        var target = new Target(_ =>
        {
            rented ??= BufferPool.Shared.Rent(1);
            return Verdict.Accepted();
        });

        var finding = Assert.Throws<Finding>(() => new FuzzRun(target, Corpus, seed: 1).Run(10));

        rented!.Dispose();
        Assert.Contains("not given back", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Growing_KeepsInputsOfNewOutcomes()
    {
        var target = new Target(input => input.Length > 20 ? Verdict.Accepted("long") : Verdict.Refused($"{input.Length} bytes are short"));

        var report = new FuzzRun(target, Corpus, seed: 1) { Grows = true }.Run(10_000);

        Assert.Equal((2, 10_000), (report.Outcomes, report.Tried));
        Assert.InRange(File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder))).Length, 21, Mutator.Longest);
    }

    [Fact]
    public void Run_SameSeedAndCorpus_TriesTheSame()
    {
        Assert.Equal(Tried(7), Tried(7));
        Assert.NotEqual(Tried(7), Tried(8));
    }

    private string Tried(int seed)
    {
        var tried = new StringBuilder();
        var target = new Target(input =>
        {
            tried.Append(Convert.ToHexString(input)).Append(' ');
            return Verdict.Accepted();
        });
        new FuzzRun(target, Corpus, seed).Run(200);
        return tried.ToString();
    }

    private sealed class Target(Func<byte[], Verdict> read) : FuzzTarget
    {
        public override string Name => "test";

        public override IEnumerable<byte[]> Seeds(Random random) => Words("seed");

        public override Verdict Try(byte[] input) => read(input);
    }
}
