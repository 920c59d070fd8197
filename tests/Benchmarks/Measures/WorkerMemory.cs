using System.Globalization;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P17: by how much a server's memory grows for each concurrent run of a model after the first, over the model's weights.</summary>
internal sealed class WorkerMemory : IMeasure
{
    /// <summary>Concurrent runs; arbitrary, twice the cores of a small machine.</summary>
    private const int Workers = 4;

    private static readonly MeasureDefinition Definition = new(
        "P17", "memory of each further concurrent run ÷ weights (64 MiB)", "", "1.27 to 1.32 (a session each)", "at most 0.05 (0.02)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Definition];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        const string model = "wide";
        var folder = Directory.CreateTempSubdirectory("serving-bench-");
        try
        {
            BenchModels.Wide().Save(Path.Combine(folder.FullName, model, "model.onnx"));
            TokenRequest[] requests = [new(GrpcMessage.Floats(model, BenchModels.WideWidth), 1)];
            var share = new Spread();
            for (var round = 0; round < rig.Options.Rounds; round++)
            {
                using var server = await ModelServer.StartAsync(
                    Cores.Both, folder.FullName, "--threads", Workers.ToString(CultureInfo.InvariantCulture), "--max-batch-rows", "1");
                ClosedLoop.Run(server.Grpc, requests, inFlight: 1, rig.Options.Seconds / 2);
                var alone = server.Process.ResidentBytes;
                ClosedLoop.Run(server.Grpc, requests, Workers, rig.Options.Seconds / 2);
                share.Add((server.Process.ResidentBytes - alone) / (Workers - 1.0) / BenchModels.WideBytes);
            }

            return [new(Definition, share)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
