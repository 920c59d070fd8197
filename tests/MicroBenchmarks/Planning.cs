using BenchmarkDotNet.Attributes;
using Serving.Runtime.Batching.Planning;

namespace Serving.MicroBenchmarks;

/// <summary>
/// The next batch out of a queue, with learned costs. Public and open, because BenchmarkDotNet derives from it.
/// </summary>
public class Planning
{
    private readonly PlanLimits _limits = new(128);
    private readonly RunCostModel _cost = new();
    private WaitingRequest[] _waiting = [];
    private int[] _members = [];

    /// <summary>How many requests wait.</summary>
    [Params(1, 32, BatchPlanner.Window)]
    public int Waiting { get; set; }

    /// <summary>Whether their lengths differ, 4 to 256; otherwise all have one.</summary>
    [Params(false, true)]
    public bool Mixed { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        for (var rows = 1; rows <= 128; rows *= 2)
        {
            for (var length = 1; length <= 256; length *= 2)
            {
                _cost.Observe(rows, length, 1e-4 + (1e-5 * rows * length));
            }
        }

        var random = new Random(1);
        _waiting = [.. Enumerable.Range(0, Waiting).Select(i => new WaitingRequest(1, Mixed ? random.Next(4, 257) : 1, i * 1e-6))];
        _members = new int[Waiting];
    }

    /// <summary>How many requests the next batch has.</summary>
    [Benchmark]
    public int Next() => BatchPlanner.Next(_waiting, _cost, _limits, now: 1, spread: 1, _members);

    [Benchmark]
    public double Predict() => _cost.Predict(Waiting, Mixed ? 100 : 1);
}
