using System.Diagnostics;
using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Raw;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>
/// P11: what two models of one server cost each other: requests to them in turns, beside the same number to each by itself. Two graphs
/// push one another's weights out of the processor's caches without any server: how much is told too.
/// </summary>
internal sealed class Interference : IMeasure
{
    private const int Length = 64;

    private static readonly MeasureDefinition Time = new(
        "P11", "two encoders in turns, both cores: time ÷ the sum of each alone", "", "2.2 (ONNX Runtime's default), 0.84 to 0.90 (one pool)", "at most 1.05 (1.00)");

    private static readonly MeasureDefinition Processor = new("P11", "the same: CPU time", "", "", "(at most 1.02)");

    public IReadOnlyList<MeasureDefinition> Definitions => [Time, Processor];

    public IReadOnlyList<string> Needs => [];

    public async Task<IReadOnlyList<MeasureResult>> RunAsync(BenchRig rig)
    {
        using var server = await ModelServer.StartAsync(Cores.Both, rig.Models.Root);
        var inputs = rig.Raw(BenchModels.Encoder).Session.InputNames;
        var first = GrpcMessage.Tokens(BenchModels.Encoder, inputs, Length);
        var second = GrpcMessage.Tokens(BenchModels.EncoderTwin, inputs, Length);
        using var connection = new Http2Connection(server.Grpc, GrpcMessage.Path);
        const int Calls = 25;
        var turns = rig.Options.Quick ? 1 : 8;
        var (time, cost, raw) = (new Spread(), new Spread(), new Spread());
        using var firstRun = rig.Raw(BenchModels.Encoder).Bind(rows: 1, Length);
        using var secondRun = rig.Raw(BenchModels.EncoderTwin).Bind(rows: 1, Length);
        for (var round = 0; round <= rig.Options.Rounds; round++)
        {
            var (apart, together) = ((Seconds: 0.0, Processor: 0.0), (Seconds: 0.0, Processor: 0.0));
            for (var turn = 0; turn < turns; turn++)
            {
                apart = Add(apart, await TakeAsync(server, connection, Calls, first));
                together = Add(together, await TakeAsync(server, connection, Calls, first, second));
                apart = Add(apart, await TakeAsync(server, connection, Calls, second));
            }

            var alone = await Cores.RunOnAsync(Cores.Server, () =>
            {
                var (rawApart, rawTogether) = (0.0, 0.0);
                for (var turn = 0; turn < turns; turn++)
                {
                    rawApart += Seconds(Calls, firstRun);
                    rawTogether += Seconds(Calls, firstRun, secondRun);
                    rawApart += Seconds(Calls, secondRun);
                }

                return rawTogether / rawApart;
            });

            if (round > 0)
            {
                time.Add(together.Seconds / apart.Seconds);
                cost.Add(together.Processor / apart.Processor);
                raw.Add(alone);
            }
        }

        return [new(Time, time, new Part("ONNX Runtime alone, on one core", "", raw)), new(Processor, cost)];
    }

    private static double Seconds(int calls, params RawRun[] runs)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            foreach (var run in runs)
            {
                run.Execute();
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static (double Seconds, double Processor) Add((double Seconds, double Processor) one, (double Seconds, double Processor) other) =>
        (one.Seconds + other.Seconds, one.Processor + other.Processor);

    private static Task<(double Seconds, double Processor)> TakeAsync(ModelServer server, Http2Connection connection, int calls, params byte[][] messages) =>
        Cores.RunOnAsync(Cores.Load, () =>
        {
            var processor = server.Process.ProcessorSeconds;
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++)
            {
                foreach (var message in messages)
                {
                    connection.Send(message);
                    ClosedLoop.Require(connection.Take());
                }
            }

            return (Stopwatch.GetElapsedTime(started).TotalSeconds, server.Process.ProcessorSeconds - processor);
        });
}
