namespace Serving.Benchmarks;

/// <summary>
/// What is measured. Everything that is compared runs in turns (A B A B ...), so that a machine whose speed drifts changes
/// both alike; a first round warms up and does not count.
/// </summary>
internal static class Measures
{
    /// <summary>Enough to keep every core busy and the queue from ever being empty; arbitrary.</summary>
    private const int Clients = 32;

    /// <summary>Clients whose requests are nearly whole batches themselves; arbitrary, twice the cores of a small machine.</summary>
    private const int BulkClients = 4;

    /// <summary>The encoder's rows in one request are three times as many: 30 rows, 660 tokens.</summary>
    private const int Repeats = 10;

    /// <summary>What an inference costs a single client beyond an answer that computes nothing.</summary>
    public static async Task AddedLatencyAsync(BenchServer server, int rounds)
    {
        var tiny = new InferCall(server, "tiny", BenchModels.Floats(1, 16));
        var (live, infer, added) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round <= rounds; round++)
        {
            var health = await Load.LatencyAsync(server.IsLiveAsync);
            var answered = await Load.LatencyAsync(tiny.RunAsync);
            if (round > 0)
            {
                live.Add(health);
                infer.Add(answered);
                added.Add(answered - health);
            }
        }

        Report.Row("p50 of GET /v2/health/live, one client", "us", live);
        Report.Row("p50 of an inference of one addition, REST binary, one client", "us", infer);
        Report.Row("difference: decoding, batching, the run, encoding", "us", added);
    }

    /// <summary>What sharing runs brings a small model.</summary>
    public static async Task BatchingAsync(BenchServer batching, BenchServer single, int rounds)
    {
        var together = new InferCall(batching, "mlp", BenchModels.Floats(1, 784));
        var alone = new InferCall(single, "mlp", BenchModels.Floats(1, 784));
        var (batched, unbatched, gain) = await CompareAsync(together.RunAsync, alone.RunAsync, Clients, 1, rounds);
        Report.Row($"MLP 784-512-256-10, {Clients} clients, batched", "1/s", batched);
        Report.Row("the same with --max-batch-rows 1", "1/s", unbatched);
        Report.Row("batched / unbatched", "", gain);
    }

    /// <summary>What of the engine's speed is left behind a protocol, sockets and the clients on the same cores.</summary>
    public static async Task EncoderAsync(BenchServer server, BenchEngine engine, int rounds)
    {
        var inputs = BenchModels.Sentences(Repeats);
        var tokens = inputs["input_ids"].Data.Length / sizeof(long);
        var served = new InferCall(server, BenchModels.Encoder, inputs);
        var (over, inside, ratio) = await CompareAsync(served.RunAsync, engine.Call(BenchModels.Encoder, inputs), BulkClients, tokens, rounds);
        Report.Row($"zoo encoder, {tokens} tokens a request, {BulkClients} clients, REST binary", "tokens/s", over);
        Report.Row("the same requests to the engine in one process", "tokens/s", inside);
        Report.Row("served / in process", "", ratio);
    }

    private static async Task<(Spread First, Spread Second, Spread Ratio)> CompareAsync(
        Func<Task> first, Func<Task> second, int clients, int unitsPerCall, int rounds)
    {
        var (ones, others, ratio) = (new Spread(), new Spread(), new Spread());
        for (var round = 0; round <= rounds; round++)
        {
            var one = await Load.ThroughputAsync(first, clients) * unitsPerCall;
            var other = await Load.ThroughputAsync(second, clients) * unitsPerCall;
            if (round > 0)
            {
                ones.Add(one);
                others.Add(other);
                ratio.Add(one / other);
            }
        }

        return (ones, others, ratio);
    }
}
