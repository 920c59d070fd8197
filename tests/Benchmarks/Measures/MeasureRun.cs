using System.Diagnostics;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>Measures what was asked for and prints the table.</summary>
internal static class MeasureRun
{
    /// <summary>Every measure, in the order of the table.</summary>
    private static readonly IMeasure[] All =
    [
        new SmallModelEfficiency(),
        new EncoderEfficiency(),
        new AddedLatency(),
        new BatchingGain(),
        new PeerRatio(),
        new ManagedMemory(),
        new SimulatedMeasures(),
        new TailLatency(),
        new Interference(),
        new IdleBurn(),
        new JsonMeasure(),
        new LargeTensors(),
        new ProtocolFloor(),
        new StartTimes(),
        new WorkerMemory(),
        new FirstRequest(),
    ];

    /// <summary>1 where a measure failed.</summary>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        var ids = All.SelectMany(measure => measure.Definitions).Select(definition => definition.Id).Distinct().ToList();
        if (options.Only.FirstOrDefault(id => !ids.Contains(id, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"there is no measure '{unknown}'; there are {string.Join(", ", ids)}");
            return 2;
        }

        return await RunAsync(options, All.Where(measure => IsWanted(measure, options)));
    }

    /// <summary>The same with measures of the caller's.</summary>
    public static async Task<int> RunAsync(BenchOptions options, IEnumerable<IMeasure> measures)
    {
        var machine = Machine.Describe();
        Console.Error.WriteLine(machine);
        if (Cores.Missing() is { } missing)
        {
            Console.Error.WriteLine(missing);
            return 2;
        }

        var started = Stopwatch.GetTimestamp();
        var failed = false;
        var results = new List<MeasureResult>();
        using (var rig = new BenchRig(options))
        {
            foreach (var measure in measures)
            {
                var names = string.Join(", ", measure.Definitions.Select(definition => definition.Id).Distinct());
                Console.Error.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds,5:0} s  {names}");
                var (measured, worked) = await TryAsync(measure, rig);
                failed |= !worked;
                results.AddRange(measured);
            }
        }

        Print(options, machine, results);
        return failed ? 1 : 0;
    }

    private static bool IsWanted(IMeasure measure, BenchOptions options) => options.Only.Count == 0
        || measure.Definitions.Any(definition => options.Only.Contains(definition.Id, StringComparer.OrdinalIgnoreCase));

    private static async Task<(IReadOnlyList<MeasureResult> Results, bool Worked)> TryAsync(IMeasure measure, BenchRig rig)
    {
        if (measure.Needs.FirstOrDefault(program => !ChildProcess.Exists(program)) is { } missing)
        {
            return (Without(measure, $"{missing} is not installed"), true);
        }

        try
        {
            return (await measure.RunAsync(rig), true);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return (Without(measure, $"it failed: {e.Message.Split('\n')[0]}"), false);
        }
    }

    private static IReadOnlyList<MeasureResult> Without(IMeasure measure, string reason) =>
        [.. measure.Definitions.Select(definition => MeasureResult.Without(definition, reason))];

    private static void Print(BenchOptions options, string machine, List<MeasureResult> results)
    {
        if (options.Json is { } path)
        {
            JsonReport.Write(path, machine, results);
        }

        Console.WriteLine();
        Console.Write(options.Markdown ? ResultTable.Markdown(results) : ResultTable.Text(results));
    }
}
