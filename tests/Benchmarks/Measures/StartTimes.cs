using System.Diagnostics;
using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P16: from the start of the process to the first answer, beside a bare Kestrel that makes a session; and loading a model into a server
/// that runs, beside making its session.
/// </summary>
internal sealed class StartTimes : IMeasure
{
    private static readonly MeasureDefinition Cold = new(
        "P16", "MLP: process start to first answer ÷ bare Kestrel with a session", "", "340 to 455 ms (node)", "(at most 1.10)");

    private static readonly MeasureDefinition Hot = new("P16", "MLP: load into a running server ÷ making its session", "", "", "(at most 1.05)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Cold, Hot];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        var folder = Directory.CreateTempSubdirectory("serving-bench-");
        try
        {
            Directory.CreateSymbolicLink(
                Path.Combine(folder.FullName, BenchModels.Perceptron), Path.GetDirectoryName(rig.Models.PathOf(BenchModels.Perceptron))!);
            return await CompareAsync(rig, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<MeasureResult>> CompareAsync(BenchRig rig, string repository)
    {
        var model = rig.Models.PathOf(BenchModels.Perceptron);
        var (cold, starts, bareStarts) = (new Spread(), new Spread(), new Spread());
        var (hot, loads, sessions) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round < rig.Options.Rounds; round++)
        {
            var bare = await TimeBareAsync(model);
            var (start, load) = await TimeAsync(repository);
            var session = await Cores.RunOnAsync(Cores.Server, () => TimeSession(model));
            starts.Add(start);
            bareStarts.Add(bare);
            cold.Add(start / bare);
            loads.Add(load);
            sessions.Add(session);
            hot.Add(load / session);
        }

        return
        [
            new(Cold, cold, new("served", "ms", starts), new("bare Kestrel with a session", "ms", bareStarts)),
            new(Hot, hot, new("load", "ms", loads), new("session", "ms", sessions)),
        ];
    }

    private static async Task<(double Start, double Load)> TimeAsync(string repository)
    {
        var started = Stopwatch.GetTimestamp();
        using var server = await ModelServer.StartAsync(Cores.Server, repository);
        using var connection = new Http2Connection(server.Grpc, GrpcMessage.Path);
        connection.Send(GrpcMessage.Floats(BenchModels.Perceptron, BenchModels.PerceptronWidth));
        ClosedLoop.Require(connection.Take());
        var start = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

        // The second load's time counts: the first compiles.
        await LoadAsync(server);
        return (start, await LoadAsync(server));
    }

    private static async Task<double> LoadAsync(ModelServer server)
    {
        using var unloaded = await server.Http.PostAsync($"/v2/repository/models/{BenchModels.Perceptron}/unload", null);
        unloaded.EnsureSuccessStatusCode();
        var started = Stopwatch.GetTimestamp();
        using var loaded = await server.Http.PostAsync($"/v2/repository/models/{BenchModels.Perceptron}/load", null);
        loaded.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<double> TimeBareAsync(string model)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = ChildProcess.Start(Cores.Server, "dotnet", typeof(StartTimes).Assembly.Location, "bare", model);
        var address = new Uri((await process.ReadAsync("listens "))[0]);
        using var client = new HttpClient();
        await client.GetStringAsync(address);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double TimeSession(string model)
    {
        var started = Stopwatch.GetTimestamp();
        using var raw = new RawModel(model);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
