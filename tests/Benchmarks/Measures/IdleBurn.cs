using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P12: processor time that the server uses in the second after its last answer.</summary>
internal sealed class IdleBurn : IMeasure
{
    private const int Calls = 1000;

    private static readonly MeasureDefinition Definition = new(
        "P12", "CPU time in the second after the last answer", "s", "0.048 (ONNX Runtime's default)", "at most 0.002 (0.0005)");

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var served = await rig.ServedAsync(BenchModels.Tiny, BenchModels.TinyWidth);
        var burnt = new Spread();
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            using (var connection = served.Connect())
            {
                ClosedLoop.OneByOne(connection, served.Message, Calls);
            }

            var before = served.Server.Process.ReadThreads();
            await Task.Delay(Idle);
            burnt.Add(served.Server.Process.ReadThreads().Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key)));
        }

        return [new(Definition, burnt)];
    }
}
