using System.Diagnostics;
using Serving.Benchmarks.Http2;
using Serving.Benchmarks.Loads;
using Serving.Benchmarks.Models;
using Serving.Benchmarks.Reporting;
using Serving.Benchmarks.Rig;

namespace Serving.Benchmarks.Measures;

/// <summary>P11: what two models of one server cost each other: requests to them in turns, beside the same number to each by itself.</summary>
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
        var calls = rig.Options.Quick ? 25 : 100;
        var (time, cost) = (new Spread(), new Spread());
        for (var round = 0; round <= rig.Options.Rounds; round++)
        {
            var one = await TakeAsync(server, connection, calls, first);
            var turns = await TakeAsync(server, connection, calls, first, second);
            var other = await TakeAsync(server, connection, calls, second);
            if (round > 0)
            {
                time.Add(turns.Seconds / (one.Seconds + other.Seconds));
                cost.Add(turns.Processor / (one.Processor + other.Processor));
            }
        }

        return [new(Time, time), new(Processor, cost)];
    }

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
