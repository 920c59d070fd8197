using System.Diagnostics;
using System.Globalization;
using Serving.TestKit;
using Serving.TestKit.Graphs;

namespace Serving.Benchmarks;

/// <summary>What models cost one another, what waiting costs, and what the first requests cost: P11, P12, P17 and P18.</summary>
internal static class ModesMeasures
{
    /// <summary>The matrix of <see cref="Wide"/> has so many rows and columns: 64 MiB, before which what else a process needs is small.</summary>
    private const int Width = 4096;

    private const long WideBytes = (long)Width * Width * sizeof(float);

    /// <summary>Concurrent runs; arbitrary, twice the cores of a small machine.</summary>
    private const int Workers = 4;

    /// <summary>For so many seconds after its start .NET compiles again what has been called often.</summary>
    private const int MostSettling = 60;

    /// <summary>Seconds; while it compiles, it uses a hundred times as much. Arbitrary.</summary>
    private const double Settled = 0.01;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>A model of 64 MiB of weights and next to nothing else, for <see cref="WorkerMemoryAsync"/>.</summary>
    public static OnnxGraphBuilder Wide() => new OnnxGraphBuilder()
        .Input("x", "FP32", "batch", Width).Output("y", "FP32", "batch", Width)
        .Weight("w", [Width, Width], [.. Enumerable.Range(0, Width * Width).Select(i => ((i * 31 % 251) - 125) / 40000f)])
        .Node("MatMul", ["x", "w"], ["y"]);

    /// <summary>P11: two models in turns over the sum of each by itself, in time.</summary>
    public static async Task<Spread> InterferenceAsync(Func<Task> first, Func<Task> second, int rounds)
    {
        var ratio = new Spread();
        for (var round = 0; round <= rounds; round++)
        {
            var one = await Load.LatencyAsync(first);
            var other = await Load.LatencyAsync(second);
            var both = await Load.LatencyAsync(async () =>
            {
                await first();
                await second();
            });
            if (round > 0)
            {
                ratio.Add(both / (one + other));
            }
        }

        return ratio;
    }

    /// <summary>P12: seconds of processor time that a server uses in the second after its last answer, once nothing is compiled any more.</summary>
    public static async Task<Spread> IdleBurnAsync(BenchServer server, Func<Task> call, int rounds)
    {
        for (var second = 0; second < MostSettling && await BurnAsync(server, call) > Settled; second++)
        {
        }

        var burnt = new Spread();
        for (var round = 0; round < rounds; round++)
        {
            burnt.Add(await BurnAsync(server, call));
        }

        return burnt;
    }

    /// <summary>P17: by how much a server grows for each concurrent run after the first, over the weights of its model.</summary>
    /// <param name="repository">A folder with <see cref="Wide"/> as <c>wide</c>.</param>
    /// <param name="rounds">Servers that are started.</param>
    public static async Task<Spread> WorkerMemoryAsync(string repository, int rounds)
    {
        var share = new Spread();
        for (var round = 0; round < rounds; round++)
        {
            using var server = await BenchServer.StartAsync(
                repository, "--threads", Workers.ToString(CultureInfo.InvariantCulture), "--max-batch-rows", "1");
            var call = new InferCall(server, "wide", BenchModels.Floats(1, Width));
            await Load.ThroughputAsync(call.RunAsync, 1);
            var alone = ResidentBytes(server.Id);
            await Load.ThroughputAsync(call.RunAsync, Workers);
            share.Add((double)(ResidentBytes(server.Id) - alone) / (Workers - 1) / WideBytes);
        }

        return share;
    }

    /// <summary>P18: the first request after "ready" over the median of later ones of its length, a fresh server and another length each round.</summary>
    /// <param name="repository">A folder with the model.</param>
    /// <param name="model">A model of token ids.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="rounds">Servers that are started, besides one that shows the client how.</param>
    public static async Task<Spread> FirstRequestAsync(string repository, string model, IReadOnlyList<string> inputs, int rounds)
    {
        var ratio = new Spread();
        for (var round = 0; round <= rounds; round++)
        {
            using var server = await BenchServer.StartAsync(repository);

            // A prime's multiples, so that no round has a length that the server itself has tried.
            var call = new InferCall(server, model, Tokens(inputs, 19 + (round * 7 % 100)));
            await server.IsLiveAsync();
            var first = await TimeAsync(call.RunAsync);
            var steady = await Load.LatencyAsync(call.RunAsync);
            if (round > 0)
            {
                ratio.Add(first / steady);
            }
        }

        return ratio;
    }

    private static async Task<double> BurnAsync(BenchServer server, Func<Task> call)
    {
        for (var i = 0; i < 100; i++)
        {
            await call();
        }

        var before = ProcessorSeconds(server.Id);
        await Task.Delay(Idle);
        return ProcessorSeconds(server.Id) - before;
    }

    private static Dictionary<string, NpyArray> Tokens(IReadOnlyList<string> inputs, int length) => inputs.ToDictionary(
        name => name,
        _ => new NpyArray("INT64", [1, length], [.. Enumerable.Repeat(1L, length).SelectMany(BitConverter.GetBytes)]));

    private static async Task<double> TimeAsync(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    // The first number of schedstat is nanoseconds on a processor; the times of stat are in hundredths of a second.
    private static double ProcessorSeconds(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .Sum(thread => double.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)) / 1e9;

    // The second number of statm is the resident pages.
    private static long ResidentBytes(int process) =>
        long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
